/**
 * silu(g) = g · σ(g); gelu in its tanh approximation (Hendrycks & Gimpel 2016), written with a sigmoid:
 * g/2 · (1 + tanh u) = g · σ(2u), u = √(2/π) · (g + 0.044715 g³).
 */
export type Activation = 'silu' | 'gelu';
