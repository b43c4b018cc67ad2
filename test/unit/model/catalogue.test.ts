import { expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/model/catalogue.ts';
import { parameterCount, parseModelConfig } from '../../../src/model/config.ts';

it.each(CATALOGUE)('$title runs here, and has as many parameters as its configuration makes', (entry) => {
  expect(parameterCount(parseModelConfig(entry.config))).toBe(entry.parameters);
});

it.each(CATALOGUE)('$title is a download of at least two bytes a parameter', (entry) => {
  expect(entry.downloadBytes).toBeGreaterThan(2 * entry.parameters);
});
