import type { Attachment } from 'svelte/attachments';

/** Calls `begin` once, when a third of the element (or of the window) is in sight: `{@attach whenVisible(begin)}`. */
export function whenVisible(begin: () => void): Attachment<HTMLElement> {
  return (element) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        begin();
      },
      { rootMargin: '0px 0px -33% 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
