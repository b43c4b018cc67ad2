/** The engine's own worker, with a hand in it that does harm when a test says so. */
import './harm.ts';
import '../../../workers/engine.worker.ts';
