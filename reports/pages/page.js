"use strict";
// Sorting, with keys that the cells carry; numbers as numbers, the rest as words; none comes last.
for (const button of document.querySelectorAll("thead button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const body = head.closest("table").tBodies[0];
    const up = head.getAttribute("aria-sort") === "descending";
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const key = row => row.cells[head.cellIndex].dataset.key;
    const words = new Intl.Collator(document.documentElement.lang);
    const rows = [...body.rows].sort((one, other) => {
      const a = key(one), b = key(other);
      if (a === "" || b === "") return (a === "") - (b === "");
      const apart = Number(a) - Number(b);
      const order = Number.isNaN(apart) ? words.compare(a, b) : apart;
      return up ? order : -order;
    });
    body.append(...rows);
  });
}
