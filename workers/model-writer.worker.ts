import './lockdown.ts';
import * as Comlink from 'comlink';
import { ModelWriter } from '../src/store/model-writer.ts';

Comlink.expose(new ModelWriter());
