/** Put in by the build, by the development server of headless commands and by nothing else. */
declare const __APP_VERSION__: string;

/** Which version of this app a record was made by: package version and commit. */
export const APP_VERSION = typeof __APP_VERSION__ === 'string' ? __APP_VERSION__ : 'development';
