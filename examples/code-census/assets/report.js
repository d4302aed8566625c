/** The report's own script, inlined after ECharts: draws the charts, switches light and dark, sorts and filters the table. */
(() => {
  const FIRST_ROWS = 30;
  const options = JSON.parse(document.getElementById("charts").textContent);
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  /** Drawn charts by the id of their element. */
  const drawn = new Map();

  function draw(appearance) {
    root.dataset.appearance = appearance;
    for (const [id, option] of Object.entries(options[appearance])) {
      const element = document.getElementById(id);
      const chart = drawn.get(id) ?? echarts.init(element, null, { renderer: "canvas" });
      drawn.set(id, chart);
      option.tooltip.formatter = ({ data }) => data?.tip ?? "";
      chart.setOption(option, true);
    }
  }

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) drawn.get(target.id)?.resize();
  });
  draw(system.matches ? "dark" : "light");
  for (const id of drawn.keys()) resized.observe(document.getElementById(id));
  system.addEventListener("change", () => draw(system.matches ? "dark" : "light"));
  document.getElementById("appearance").addEventListener("click", () => {
    draw(root.dataset.appearance === "dark" ? "light" : "dark");
  });

  const section = document.getElementById("packages");
  const body = section.querySelector("tbody");
  const headers = [...section.querySelectorAll("th")];
  const filter = document.getElementById("filter");
  const more = document.getElementById("more");
  let showAll = false;

  /** Shows the rows that match, the first ones only until all are asked for. */
  function show() {
    const wanted = filter.value.trim().toLowerCase();
    const rows = [...body.rows];
    const matching = rows.filter((row) => row.cells[0].textContent.toLowerCase().includes(wanted));
    const visible = new Set(showAll ? matching : matching.slice(0, FIRST_ROWS));
    for (const row of rows) row.hidden = !visible.has(row);
    more.hidden = visible.size === matching.length;
    document.getElementById("shown").textContent = `${visible.size} of ${matching.length} packages`;
  }

  function sortBy(column) {
    const header = headers[column];
    const rising =
      header.getAttribute("aria-sort") === "descending" ||
      (column === 0 && header.getAttribute("aria-sort") === "none");
    for (const other of headers) other.setAttribute("aria-sort", "none");
    header.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const value = (row) => row.cells[column].dataset.value;
    const compare = column === 0 ? (a, b) => (value(a) < value(b) ? -1 : 1) : (a, b) => value(a) - value(b);
    const rows = [...body.rows].sort(compare);
    body.append(...(rising ? rows : rows.reverse()));
    show();
  }

  for (const [column, header] of headers.entries()) {
    header.querySelector("button").addEventListener("click", () => sortBy(column));
  }
  filter.addEventListener("input", show);
  more.addEventListener("click", () => {
    showAll = true;
    show();
  });
  show();
})();
