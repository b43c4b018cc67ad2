/** The part of zip.js that is used here, set up once. */
import { configure } from '@zip.js/zip.js/lib/zip-core-native.js';

// The browser's own inflate: workers made from strings would meet the page's policy, and nothing here blocks for long.
configure({ useWebWorkers: false, useCompressionStream: true });

export {
  BlobReader,
  BlobWriter,
  ZipReader,
  ZipWriter,
  type FileEntry,
} from '@zip.js/zip.js/lib/zip-core-native.js';
