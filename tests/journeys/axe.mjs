// The page in a real browser: accessibility (axe), requests, errors, sorting, pictures of it.
//
// It needs Chromium and two packages that are no part of this project, in a folder of their own:
//
//   npm install axe-core puppeteer-core
//   CHROMIUM=$(which chromium) node axe.mjs page-nb.html pictures/nb
//
// run there, with this file copied beside them. Ends with 1 if anything is wrong; writes
// pictures/nb-desk.png, pictures/nb-phone.png and pictures/nb.pdf to be looked at.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const [file, stem] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
let wrong = 0;
for (const [name, width] of [["desk", 1280], ["phone", 375]]) {
  const page = await browser.newPage();
  const found = [];
  page.on("request", one => { if (!one.url().startsWith("file:")) found.push(`asks for ${one.url()}`); });
  page.on("console", one => found.push(`says ${one.text()}`));
  page.on("pageerror", error => found.push(`fails with ${error}`));
  page.on("dialog", one => { found.push("opens a dialogue"); one.dismiss(); });
  await page.setViewport({ width, height: 900 });
  await page.goto("file://" + path.resolve(file));
  await page.screenshot({ path: `${stem}-${name}.png`, fullPage: true });
  if (name === "desk") await page.pdf({ path: `${stem}.pdf`, preferCSSPageSize: true, printBackground: true });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (beyond > 0) found.push(`is ${beyond} pixels too wide`);
  // Through the debugger, which the page's policy does not bind.
  const broken = await page.evaluate(axe + ";axe.run().then(all => all.violations.map(" +
    "one => `${one.id} (${one.impact}): ${one.nodes.map(node => node.html.slice(0, 120))}`))");
  found.push(...broken);
  // With keys alone: the second table by its second column, down and up.
  const orders = await page.evaluate(() => {
    const table = document.querySelectorAll("table")[1];
    return [...table.tBodies[0].rows].map(row => Number(row.cells[1].dataset.key));
  });
  await page.evaluate(() => document.querySelectorAll("table")[1].querySelectorAll("button")[1].focus());
  for (const down of [true, false]) {
    await page.keyboard.press("Enter");
    const keys = await page.evaluate(() => [...document.querySelectorAll("table")[1].tBodies[0].rows]
      .map(row => Number(row.cells[1].dataset.key)));
    const wanted = [...orders].sort((a, b) => down ? b - a : a - b);
    if (String(keys) !== String(wanted)) found.push(`does not sort: ${keys}`);
  }
  console.log(`${name}: ${found.length ? found.join("\n  ") : "nothing wrong"}`);
  wrong += found.length;
  await page.close();
}
await browser.close();
process.exit(wrong ? 1 : 0);
