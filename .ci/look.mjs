// Opens the demonstration's pages in Chromium, as a person would: on a desk and
// on a phone, in light and dark. Fails on a page that does not answer, a script
// or policy error, a page wider than its window, or a desk that shows no letter.
// Usage: node look.mjs HEBDO FOLDER (needs puppeteer-core beside this file)
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const [hebdo, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const faults = [];

const demo = spawn(hebdo, ['demo', '--listen', '127.0.0.1:0'], { env: { ...process.env, LANG: 'en_GB.UTF-8' } });
let said = '';
const ready = new Promise((resolve, reject) => {
  demo.stdout.on('data', (d) => { said += d; if (said.includes('Ctrl-C')) resolve(); });
  demo.on('exit', (code) => reject(new Error(`the demonstration ended with ${code}: ${said}`)));
  setTimeout(() => reject(new Error(`the demonstration is not up after 60 s: ${said}`)), 60_000).unref();
});
const find = (pattern) => { const m = said.match(pattern); if (!m) throw new Error(`${pattern} not in: ${said}`); return m[1]; };

let browser;
try {
  await ready;
  const desk = find(/the desk +(\S+)/);
  const issue = find(/the issue +(\S+)/);
  const inbox = find(/the inbox +(\S+)/);
  const [, address, password] = said.match(/log in as (\S+) with (\S+)/);
  const base = new URL(desk).origin;
  browser = await puppeteer.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  for (const [name, width, scheme] of [['desktop', 1100, 'light'], ['phone', 375, 'light'], ['dark', 1100, 'dark']]) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.on('console', (m) => { if (m.type() === 'error') faults.push(`${name} ${page.url()}: ${m.text()}`); });
    page.on('pageerror', (e) => faults.push(`${name} ${page.url()}: ${e.message}`));
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const look = async (what, url) => {
      const answer = await page.goto(url, { waitUntil: 'load' });
      if (!answer.ok()) faults.push(`${name} ${url}: ${answer.status()}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) faults.push(`${name} ${url}: ${wide} px wider than the window`);
      await page.screenshot({ path: `${folder}/${what}-${name}.png`, fullPage: true });
      await page.evaluate(() => document.querySelectorAll('main h1, main h3, main h4, main p, main li > a, main label').forEach((e) => e.append(' ' + 'W'.repeat(200))));
      const burst = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (burst > 0) faults.push(`${name} ${url}: a word without an end makes it ${burst} px wider than the window`);
    };
    await look('inbox', inbox);
    await look('archive', new URL('./', issue).href);
    await look('issue', issue);
    await look('login', `${base}/desk/login`);
    await page.type('input[type=email]', address);
    await page.type('input[type=password]', password);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await look('desk', `${base}/desk/`);
    await look('suppressed', `${base}/desk/suppressed`);
    await page.type('#address', `someone.with.a.long.name.${name}@a-long-name-of-a-company.example.org`);
    await page.type('#why', 'asked for it by telephone, and wishes to hear from nobody any more');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) faults.push(`${name} suppressed: ${wide} px wider than the window`);
    await page.screenshot({ path: `${folder}/suppressed-one-${name}.png`, fullPage: true });
    await look('review', desk);
    await look('deliveries', `${desk}/deliveries?state=sent`);
    await page.goto(desk, { waitUntil: 'load' });
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    const words = await frame.evaluate(() => document.body.innerText.length);
    if (words < 1000) faults.push(`${name} ${desk}: the letter in the frame has ${words} characters`);
    await context.close();
  }
} catch (e) {
  faults.push(e.message);
} finally {
  await browser?.close();
  demo.removeAllListeners('exit');
  demo.kill('SIGINT');
}
for (const f of faults) console.error(f);
console.log(`27 pages looked at, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
