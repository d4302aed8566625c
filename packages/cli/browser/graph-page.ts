/**
 * The script of a graph's page (src/graph-page/render-page.ts): moves the picture, finds nodes, shows their details.
 * One module, since it is written into the page; without it the picture is still seen.
 */
import type { Details, NeighbourDetails, PageData, ParameterDetails } from "../src/graph-page/page-data.js";

const MOST_ENLARGED = 1.25;
const CLOSEST = 6;
const STEP = 1.25;
const KEY_MOVE = 60;

// The casts are safe: the page is written by render-page.ts, with these elements.
const stage = element("stage");
const panel = element("details");
const search = element("search") as HTMLInputElement;
const found = element("found");
const data: PageData = JSON.parse(element("data").textContent ?? "");
const picture = one(stage, "svg") as SVGSVGElement;
const details = new Map([data.flow, ...data.nodes].map((entry) => [entry.element, entry]));
const texts = new Map(data.nodes.map((entry) => [entry.element, searchText(entry)]));
const whole = picture.viewBox.baseVal;
const home = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };

/** What is seen: the middle in the picture's units, and how many pixels a unit takes. */
let view = { x: 0, y: 0, scale: 1 };
let selected = "flow";
let matches: readonly string[] = [];

function element(id: string): HTMLElement {
  const it = document.getElementById(id);
  if (!it) throw new Error(`The page has no ${id}.`);
  return it;
}

function one(parent: Element, selector: string): Element {
  const it = parent.querySelector(selector);
  if (!it) throw new Error(`The page has no ${selector}.`);
  return it;
}

function show(next: typeof view): void {
  const least = Math.min(0.05, fitting());
  view = { ...next, scale: Math.min(CLOSEST, Math.max(least, next.scale)) };
  const [width, height] = [stage.clientWidth / view.scale, stage.clientHeight / view.scale];
  picture.setAttribute("viewBox", `${view.x - width / 2} ${view.y - height / 2} ${width} ${height}`);
}

function fitting(): number {
  return Math.min(MOST_ENLARGED, stage.clientWidth / home.width, stage.clientHeight / home.height);
}

function fit(): void {
  show({ x: home.x + home.width / 2, y: home.y + home.height / 2, scale: fitting() });
}

/** Zooms so that what is under a point of the window stays there. */
function zoom(factor: number, at?: { readonly clientX: number; readonly clientY: number }): void {
  const box = stage.getBoundingClientRect();
  const dx = at ? at.clientX - box.left - box.width / 2 : 0;
  const dy = at ? at.clientY - box.top - box.height / 2 : 0;
  const { x, y, scale } = view;
  show({ x, y, scale: scale * factor });
  show({ x: x + dx / scale - dx / view.scale, y: y + dy / scale - dy / view.scale, scale: view.scale });
}

function move(dx: number, dy: number): void {
  show({ x: view.x + dx / view.scale, y: view.y + dy / view.scale, scale: view.scale });
}

function reveal(name: string): void {
  const box = document.getElementById(name);
  if (!(box instanceof SVGGraphicsElement)) return;
  const { x, y, width, height } = box.getBBox();
  show({ x: x + width / 2, y: y + height / 2, scale: Math.max(view.scale, Math.min(0.9, fitting() * 4)) });
}

function select(name: string): void {
  const entry = details.get(name);
  if (!entry) return;
  selected = name;
  for (const box of picture.querySelectorAll(".box")) box.classList.toggle("selected", box.id === name);
  for (const edge of picture.querySelectorAll<SVGElement>(".edge[data-from]")) {
    const touches = edge.dataset.from === name || edge.dataset.to === name;
    edge.classList.toggle("linked", touches);
    edge.classList.toggle("dim", name !== "flow" && !touches);
  }
  panel.replaceChildren(...detailElements(entry));
  panel.scrollTop = 0;
}

function detailElements(entry: Details): readonly HTMLElement[] {
  const facts = make(
    "dl",
    ...entry.facts.flatMap(([label, value]) => [make("dt", label), make("dd", make("code", value))]),
  );
  return [
    make("h2", entry.title),
    classed("kind", make("div", entry.kind)),
    ...(entry.doc === undefined ? [] : [make("p", entry.doc)]),
    ...section("Parameters", entry.params.map(parameterElement)),
    facts,
    ...section("Gets", entry.incoming.map(neighbourElement)),
    ...section("Gives", entry.outgoing.map(neighbourElement)),
  ];
}

function parameterElement({ name, type, need, doc }: ParameterDetails): HTMLElement {
  const more = doc === undefined ? [] : [make("p", doc)];
  return make("li", make("code", `${name}: ${type}`), classed("need", make("span", ` ${need}`)), ...more);
}

function neighbourElement({ element: name, text }: NeighbourDetails): HTMLElement {
  const button = make("button", text);
  button.addEventListener("click", () => {
    select(name);
    reveal(name);
  });
  return make("li", button);
}

function section(title: string, items: readonly HTMLElement[]): readonly HTMLElement[] {
  return items.length > 0 ? [make("h3", title), make("ul", ...items)] : [];
}

/** An element; text is never read as markup. */
function make(tag: string, ...content: readonly (string | HTMLElement)[]): HTMLElement {
  const it = document.createElement(tag);
  it.append(...content);
  return it;
}

function classed(name: string, it: HTMLElement): HTMLElement {
  it.className = name;
  return it;
}

function searchText({ title, kind, doc, facts, params }: Details): string {
  return [title, kind, doc ?? "", ...facts.flat(), ...params.map(({ name }) => name)].join("\n").toLowerCase();
}

function find(): void {
  const words = search.value.trim().toLowerCase();
  matches = words === "" ? [] : [...texts].filter(([, text]) => text.includes(words)).map(([name]) => name);
  const hits = new Set(matches);
  for (const box of picture.querySelectorAll(".box")) {
    box.classList.toggle("found", hits.has(box.id));
    box.classList.toggle("dim", words !== "" && box.classList.contains("leaf") && !hits.has(box.id));
  }
  found.textContent = words === "" ? "" : `${matches.length} of ${data.nodes.length}`;
}

function nextMatch(back: boolean): void {
  const name = matches.at((matches.indexOf(selected) + (back ? -1 : 1) + matches.length) % Math.max(1, matches.length));
  if (name === undefined) return;
  select(name);
  reveal(name);
}

function listenToPointer(): void {
  let from: { x: number; y: number } | undefined;
  let moved = false;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY };
    moved = false;
  });
  stage.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [dx, dy] = [from.x - event.clientX, from.y - event.clientY];
    if (!moved && Math.hypot(dx, dy) < 4) return;
    moved = true;
    stage.setPointerCapture(event.pointerId);
    stage.classList.add("moving");
    from = { x: event.clientX, y: event.clientY };
    move(dx, dy);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, () => {
      from = undefined;
      stage.classList.remove("moving");
    });
  }
  stage.addEventListener("click", (event) => {
    const box = event.target instanceof Element ? event.target.closest(".box") : null;
    if (!moved) select(box && details.has(box.id) ? box.id : "flow");
  });
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      if (event.shiftKey) move(event.deltaX + event.deltaY, 0);
      else zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event);
    },
    { passive: false },
  );
}

const KEYS: Readonly<Record<string, () => void>> = {
  ArrowLeft: () => move(-KEY_MOVE, 0),
  ArrowRight: () => move(KEY_MOVE, 0),
  ArrowUp: () => move(0, -KEY_MOVE),
  ArrowDown: () => move(0, KEY_MOVE),
  "+": () => zoom(STEP),
  "=": () => zoom(STEP),
  "-": () => zoom(1 / STEP),
  "0": fit,
  "/": () => search.focus(),
  Escape: () => select("flow"),
};

function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = event.target instanceof Element ? event.target.closest(".box") : null;
    if (box && (event.key === "Enter" || event.key === " ")) select(box.id);
    else if (Object.hasOwn(KEYS, event.key)) KEYS[event.key]?.();
    else return;
    event.preventDefault();
  });
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") nextMatch(event.shiftKey);
    if (event.key !== "Escape") return;
    search.value = "";
    find();
    stage.focus();
  });
}

picture.setAttribute("role", "group");
for (const entry of data.nodes) {
  const box = document.getElementById(entry.element);
  box?.setAttribute("tabindex", "0");
  box?.setAttribute("role", "button");
}
element("in").addEventListener("click", () => zoom(STEP));
element("out").addEventListener("click", () => zoom(1 / STEP));
element("fit").addEventListener("click", fit);
new ResizeObserver(() => show(view)).observe(stage);
listenToPointer();
listenToKeys();
fit();
select("flow");
