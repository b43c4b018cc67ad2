import { chromium } from '/work/wt/inputs/node_modules/playwright/index.mjs';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const p=await b.newPage({viewport:{width:1280,height:1000}});
p.on('pageerror',e=>console.log('pageerror',e.message));
await p.goto('http://localhost:4271/#/data'); await p.getByText('Projects in this browser').waitFor({timeout:60000});
const [w]=[0];
let worker:any; p.on('worker',x=>{worker=x});
let s=Date.now(); await p.locator('input[type=file]').setInputFiles('/tmp/big.jsonl');
await p.waitForTimeout(200);
const cdp=await b.newBrowserCDPSession();
console.log(worker?.url());
let last='';
for(;;){ const t=await p.evaluate(()=>document.querySelector('[role=progressbar]')?.getAttribute('aria-label')+' '+document.querySelector('[role=progressbar]')?.getAttribute('aria-valuetext')); const k=t.split(/\d/)[0]; if(k!==last){console.log(Date.now()-s,t);last=k} if(await p.getByText('rows can be used').count()) break; await p.waitForTimeout(100);}
console.log('converted',Date.now()-s);
await b.close();
