import type { Case } from '../case.ts';
import { gemmaDecode, gemmaPrefill, gemmaTraining } from './gemma.ts';
import { nanoDecodeWasm, nanoDecodeWebgpu } from './nano-decode.ts';
import { nanoDpoWasm, nanoDpoWasmLora, nanoDpoWebgpu, nanoDpoWebgpuLora } from './nano-dpo.ts';
import { coldStartBytes, coldStartLocal, coldStartThrottled, pageScript } from './page.ts';

/** In the order of the table. */
export const CASES: Case[] = [
  nanoDecodeWasm,
  nanoDecodeWebgpu,
  gemmaPrefill,
  gemmaDecode,
  gemmaTraining,
  nanoDpoWasm,
  nanoDpoWasmLora,
  nanoDpoWebgpu,
  nanoDpoWebgpuLora,
  coldStartLocal,
  coldStartThrottled,
  coldStartBytes,
  pageScript,
];
