/** The nearest ancestor that scrolls its content up and down, the page itself left out; null where there is none. */
export function scrollerOf(element: Element): Element | null {
  for (let ancestor = element.parentElement; ancestor; ancestor = ancestor.parentElement) {
    if (ancestor === document.body || ancestor === document.documentElement) return null;
    const scrolls = /^(auto|scroll)$/.test(getComputedStyle(ancestor).overflowY);
    if (scrolls && ancestor.scrollHeight > ancestor.clientHeight) return ancestor;
  }
  return null;
}

/** Scrolls the nearest scroller so far that the element stands at its top. @returns whether there is a scroller. */
export function scrollToTop(element: Element): boolean {
  const scroller = scrollerOf(element);
  if (!scroller) return false;
  const { top } = scroller.getBoundingClientRect();
  scroller.scrollTop += element.getBoundingClientRect().top - top - scroller.clientTop;
  return true;
}
