/** How a project's source begins where its items are the generator's (a file of its own: the page's first script needs no more). */
export const BUILT_IN_SOURCE = 'the built-in generator';
