/** The page to inject and clear faults by hand; the token comes from the fragment, which never leaves the browser. */
export const controlPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shop control</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
  form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 1rem 0 }
  label { display: grid; font-size: .85rem }
  select, button, input { font: inherit; padding: .35rem .6rem }
  table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .6rem .3rem 0; border-top: 1px solid #8884 }
  #note { min-height: 1.5em }
</style>
<h1>Shop control</h1>
<form id="inject">
  <label>Fault <select id="kind"></select></label>
  <label>Target <select id="target"></select></label>
  <button>Inject</button><button type="button" id="clear">Clear all</button>
</form>
<form id="load"><label>Visitors, times <input id="factor" type="number" min="0" max="10" step="0.1" value="1"></label><button>Set</button></form>
<p id="note" role="status"></p>
<table><thead><tr><th>Fault<th>Entity<th>Onset<th>Cleared</thead><tbody id="history"></tbody></table>
<script>
  const token = location.hash.slice(1), at = (id) => document.getElementById(id);
  let catalogue = [];
  async function call(method, path, body) {
    const reply = await fetch(path, { method, headers: { authorization: 'Bearer ' + token }, body: body && JSON.stringify(body) });
    const value = await reply.json();
    at('note').textContent = reply.ok ? '' : value.error + (reply.status === 401 ? ': open this page as /#TOKEN' : '');
    if (!reply.ok) throw new Error(value.error);
    return value;
  }
  const options = (select, values) => select.replaceChildren(...values.map((value) => new Option(value || 'drawn by chance', value)));
  const showTargets = () => options(at('target'), ['', ...(catalogue.find((fault) => fault.kind === at('kind').value)?.targets ?? [])]);
  async function showHistory() {
    const rows = (await call('GET', '/faults')).reverse().map((fault) => {
      const row = document.createElement('tr');
      for (const text of [fault.kind, fault.entity, fault.onset, fault.cleared ?? '']) row.insertCell().textContent = text;
      return row;
    });
    at('history').replaceChildren(...rows);
  }
  at('kind').onchange = showTargets;
  at('inject').onsubmit = async (event) => {
    event.preventDefault();
    await call('POST', '/faults', { kind: at('kind').value, target: at('target').value || undefined });
    await showHistory();
  };
  at('clear').onclick = async () => { await call('DELETE', '/faults'); await showHistory(); };
  at('load').onsubmit = async (event) => { event.preventDefault(); await call('POST', '/load', { factor: Number(at('factor').value) }); };
  (async () => {
    catalogue = await call('GET', '/catalogue');
    options(at('kind'), catalogue.map((fault) => fault.kind));
    showTargets();
    await showHistory();
  })();
</script>
</html>
`;
