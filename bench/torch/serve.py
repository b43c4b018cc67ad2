"""PyTorch at the work of the benchmark: each line of JSON on stdin is a command, each line on stdout its answer."""
import json
import os
import sys
import time
from pathlib import Path

import peft
import torch
import torch.nn.functional as F
import transformers
from transformers import AutoModelForCausalLM

BETA, LEARNING_RATE = 0.1, 1e-6
torch.manual_seed(1)
transformers.logging.set_verbosity_error()
state = {}


def open_model(path):
    """A model folder, or one GGUF file, which is dequantised to float32."""
    file = Path(path)
    names = {"gguf_file": file.name} if file.suffix == ".gguf" else {}
    folder = file.parent if names else file
    state["load"] = lambda: AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **names)
    state["model"] = state["load"]()
    return f"torch {torch.__version__}, transformers {transformers.__version__}, {torch.get_num_threads()} threads"


def sample(prompts, samples, newTokens):
    """All rows at once, over a KV cache; no row ends early."""
    width = max(map(len, prompts))
    ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
    model = state["model"].eval()
    model.generation_config.eos_token_id = None
    start = time.perf_counter()
    with torch.inference_mode():
        out = model.generate(
            input_ids=ids, attention_mask=mask, do_sample=True, temperature=1.0, top_k=0, top_p=1.0,
            num_return_sequences=samples, max_new_tokens=newTokens, pad_token_id=0)
    return {"tokens": out.shape[0] * (out.shape[1] - width), "seconds": time.perf_counter() - start}


def start_training(lora):
    model = state["load"]()
    if lora:
        settings = peft.LoraConfig(
            r=lora["rank"], lora_alpha=lora["alpha"], target_modules="all-linear", task_type="CAUSAL_LM")
        model = peft.get_peft_model(model, settings)
    model.train()
    parameters = [p for p in model.parameters() if p.requires_grad]
    return model, parameters, torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.0)


def training(kind, lora):
    if state.get("kind") != kind:
        state.update(kind=kind, training=start_training(lora))
    return state["training"]


def update(parameters, optimizer, loss):
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def completion_logprobs(model, rows, prompts):
    """Σ log p of each row's tokens behind its prompt; rows are padded on the right."""
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    trained = torch.tensor([[p <= i < len(row) for i in range(1, width)] for row, p in zip(rows, prompts)])
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits[:, :-1]
    picked = logits.log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]
    return (picked * trained).sum(-1)


def prefer(pairs, lora):
    """One DPO step, chosen and rejected in one batch, the reference computed beforehand."""
    model, parameters, optimizer = training(f"prefer {lora}", lora)
    rows = [p["prompt"] + p[side] for side in ("chosen", "rejected") for p in pairs]
    prompts = [len(p["prompt"]) for p in pairs] * 2
    if state.get("reference of") != state["kind"]:
        with torch.no_grad():
            state.update({"reference of": state["kind"], "reference": completion_logprobs(model, rows, prompts)})
    start = time.perf_counter()
    ratios = completion_logprobs(model, rows, prompts) - state["reference"]
    chosen, rejected = ratios.chunk(2)
    update(parameters, optimizer, -F.logsigmoid(BETA * (chosen - rejected)).mean())
    return {"tokens": sum(map(len, rows)), "seconds": time.perf_counter() - start}


def supervise(sequences, lora):
    """One step on the whole sequences, with the whole vocabulary in the loss."""
    model, parameters, optimizer = training("supervise", lora)
    ids = torch.tensor(sequences)
    start = time.perf_counter()
    update(parameters, optimizer, model(input_ids=ids, labels=ids, use_cache=False).loss)
    return {"tokens": ids.numel(), "seconds": time.perf_counter() - start}


COMMANDS = {"open": open_model, "sample": sample, "prefer": prefer, "supervise": supervise}

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what libraries print does not get between the answers
for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = {"result": COMMANDS[command.pop("do")](**command)}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), file=answers, flush=True)
