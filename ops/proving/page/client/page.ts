/** An element of the page, by its id. @throws Error where there is none: page.ts and the script do not fit */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}.`);
  return found;
}

export function createElement<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = "",
  kind = "",
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  created.textContent = text;
  if (kind !== "") created.className = kind;
  return created;
}
