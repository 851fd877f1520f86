// What doesn't fit into a window of a width: the page that scrolls sideways,
// what sticks out of the window, what can only be seen by scrolling sideways,
// and what is cut off. A region of a table or of lines that keep their form may
// scroll, once people reach it by keyboard. A line that ends in an ellipsis says that it is cut.
// The width is the one that was asked for, since a telephone's window grows
// with what is too wide.
(width => {
  const found = [];
  const page = document.scrollingElement;
  if (page.scrollWidth > width) found.push(`the page is ${page.scrollWidth} pixels wide`);
  const told = e => found.push(`${e.outerHTML.replaceAll(/\s+/g, " ").slice(0, 160)}`);
  const region = e => e.closest('[tabindex="0"]:is([role="region"], [role="group"]):is(:has(table), :has(pre))');
  const shown = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !e.closest("[inert], svg");
  const all = [...document.querySelectorAll("body *")].filter(e => shown(e) && e.clientWidth > 1);
  const out = all.filter(e => {
    const box = e.getBoundingClientRect();
    return (box.right > width + 0.5 || box.left < -0.5) && !region(e);
  });
  const cut = all.filter(e => {
    const style = getComputedStyle(e);
    const hides = style.overflowX !== "visible" && style.textOverflow !== "ellipsis";
    return hides && e.scrollWidth > e.clientWidth + 1 && !region(e) && !e.matches("input, textarea, select");
  });
  const wide = [...new Set([...out, ...cut])];
  wide.filter(e => !wide.some(other => other !== e && e.contains(other))).slice(0, 10).forEach(told);
  return found;
})
