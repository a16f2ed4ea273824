import puppeteer from "puppeteer-core"; import fs from "fs";
const [,, file, stem] = process.argv;
const browser = await puppeteer.launch({executablePath:"/usr/bin/chromium", headless:true, args:["--no-sandbox","--disable-gpu"]});
const axe = fs.readFileSync("/tmp/h_page_axe/node_modules/axe-core/axe.min.js","utf8");
for (const [name,w] of [["desk",1280],["phone",375]]) {
  const page = await browser.newPage(); const asked=[]; const said=[];
  page.on("request", r => { if (!r.url().startsWith("file:")) asked.push(r.url()); });
  page.on("console", m => said.push(m.text())); page.on("pageerror", e => said.push("ERR "+e)); page.on("dialog", d => {said.push("DIALOG"); d.dismiss();});
  await page.setViewport({width:w,height:900}); 
  await page.goto("file://"+file);
  await page.screenshot({path:`${stem}-${name}.png`, fullPage:true});
  const over = await page.evaluate(()=>document.documentElement.scrollWidth - innerWidth);
  // axe runs through the debugger, which the page's policy does not bind
  const v = await page.evaluate(axe + ";axe.run(document,{resultTypes:['violations']}).then(r=>r.violations.map(v=>[v.id,v.impact,v.nodes.length,v.nodes[0].html.slice(0,200)]))");
  const sorted = await page.evaluate(()=>{const t=document.querySelectorAll("table")[1]; const b=t.querySelectorAll("thead button")[1]; b.focus(); b.click(); return [t.querySelectorAll("thead th")[1].getAttribute("aria-sort"), ...[...t.tBodies[0].rows].map(r=>r.cells[1].textContent)]});
  console.log(name, "overflow", over, "requests", asked.length, "console", said, "axe", JSON.stringify(v,null,1), "sorted", sorted);
  if (name==="desk") await page.pdf({path:`${stem}.pdf`, preferCSSPageSize:true, printBackground:true});
  await page.close();
}
await browser.close();
