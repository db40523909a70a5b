// The look of what the widget draws. Lives in a shadow root: it neither changes the page nor is changed by it.
export const STYLE = `
:host { all: initial; position: absolute; top: 0; left: 0; width: 0; height: 0; z-index: 2147483000; }
* { box-sizing: border-box; }
.copy { position: fixed; top: 0; left: 0; visibility: hidden; overflow: hidden; white-space: pre-wrap;
  overflow-wrap: break-word; pointer-events: none; border-style: solid; box-sizing: border-box; margin: 0; }
.theme { --ground: #fff; --text: #1b2430; --soft: #566274; --line: #d5dbe3; --block: #b3261e; --warn: #8a5300;
  --report: #2f5fb3; --clear: #1f6b3a; --tint: #f3f5f8; --act: #1f4fa3; --on: #fff;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--text); text-align: left; }
.theme.dark { --ground: #1d232d; --text: #eef1f6; --soft: #b3bdcb; --line: #3d4757; --block: #ff9d94; --warn: #f0b45b;
  --report: #9cc0ff; --clear: #82d6a0; --tint: #272f3b; --act: #9cc0ff; --on: #10151d; }
.block { --tone: var(--block); } .warn { --tone: var(--warn); } .report { --tone: var(--report); }
.clear { --tone: var(--clear); } .unchecked, .checking { --tone: var(--soft); }
.marks { position: absolute; overflow: hidden; pointer-events: none; }
.marks i { position: absolute; display: block; border-bottom: 2px dotted var(--tone); }
.marks i.block { border-bottom: 2px solid var(--tone); }
.marks i::before { content: ""; position: absolute; inset: 0; background: var(--tone); opacity: .1; border-radius: 2px; }
.pill { position: absolute; transform: translate(-100%, -50%); display: inline-flex; align-items: center; gap: .35em;
  height: 24px; padding: 0 9px; border: 1px solid var(--line); border-radius: 12px; background: var(--ground);
  color: var(--tone); font: inherit; font-size: 13px; font-weight: 600; white-space: nowrap; cursor: pointer;
  box-shadow: 0 1px 3px #0003; }
.pill[hidden] { display: none; } .pill[disabled] { cursor: default; }
.pill svg, .head svg { width: 14px; height: 14px; flex: none; }
.pill:focus-visible, .card:focus, .card :focus-visible { outline: 2px solid var(--act); outline-offset: 2px; }
.card { position: fixed; inset: auto; margin: 0; width: 372px; max-width: calc(100vw - 16px); max-height: 80vh;
  overflow: auto; padding: 14px 16px 12px; border: 1px solid var(--line); border-radius: 10px;
  background: var(--ground); color: var(--text); box-shadow: 0 8px 28px #0000003d; overflow-wrap: break-word; }
.head { display: flex; align-items: center; gap: 8px; margin: 0 0 8px; }
.card h2 { flex: 1; margin: 0 0 8px; font: inherit; font-weight: 700; }
.head h2 { margin: 0; } .gap { flex: 1; }
.tag { display: inline-flex; align-items: center; gap: .35em; color: var(--tone); font-size: 13px; font-weight: 600; }
.card p { margin: 0 0 8px; }
.card p.soft { color: var(--soft); font-size: 13px; }
.words { border-left: 3px solid var(--tone); padding-left: 9px; font-weight: 600; }
.acts { display: flex; flex-wrap: wrap; gap: 8px; margin: 12px 0 0; }
.card button { font: inherit; font-size: 14px; padding: 6px 11px; min-height: 32px; border-radius: 7px; cursor: pointer;
  border: 1px solid var(--line); background: var(--tint); color: var(--text); text-align: left; }
.card button:hover { border-color: var(--act); }
.card button.main { background: var(--act); border-color: var(--act); color: var(--on); }
.card button.small { padding: 0; width: 32px; text-align: center; }
.card button[disabled] { opacity: .55; cursor: default; }
.card ul { margin: 0 0 8px; padding: 0; list-style: none; display: grid; gap: 6px; }
.card li button { width: 100%; border-left: 3px solid var(--tone); }
.card label { display: block; margin: 12px 0 4px; font-weight: 600; font-size: 14px; }
.card select { font: inherit; font-size: 14px; width: 100%; padding: 6px; margin-bottom: 8px; border-radius: 7px; color: var(--text);
  border: 1px solid var(--soft); background: var(--ground); }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) { .marks i::before { display: none; } }
@media print { .theme { display: none; } }
`;
