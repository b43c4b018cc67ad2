export { saveFile } from '../../components/saveFile.ts';
