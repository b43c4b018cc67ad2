/** A paused training run: everything that is needed to go on bit for bit (safetensors bytes). */
export type TrainingCheckpoint = ArrayBuffer;
