// Explain: the switch that asks for it, and the plan card under the result that came with it.
import { ToolbarButton, useGraphiQL } from "@graphiql/react";
import { useMemo, useState, useSyncExternalStore } from "react";

const KEY = "newsstand:explain";
const listeners = new Set();

/** Whether operations ask for a plan; kept from visit to visit. */
export const explaining = {
  get: () => localStorage.getItem(KEY) === "on",
  set(on) {
    localStorage.setItem(KEY, on ? "on" : "off");
    for (const listener of listeners) listener();
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

const useExplaining = () => useSyncExternalStore(explaining.subscribe, explaining.get);

export function ExplainSwitch() {
  const on = useExplaining();
  return (
    <ToolbarButton
      label={on ? "Explain is on: stop asking for the plan" : "Explain: ask for the plan too"}
      aria-pressed={on}
      className="newsstand-explain"
      onClick={() => explaining.set(!on)}
    >
      <GaugeIcon />
    </ToolbarButton>
  );
}

const GaugeIcon = () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
    <path d="M4 18a9 9 0 1 1 16 0M12 14l4-5M12 14h.01" strokeLinecap="round" />
  </svg>
);

/** The plan card of the active tab's last answer; nothing where there is none. */
export function PlanFooter() {
  const on = useExplaining();
  const response = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.response);
  const plan = useMemo(() => planOf(response), [response]);
  if (plan) return <PlanCard plan={plan} />;
  return on ? (
    <p className="newsstand-plan-hint">Explain is on: run an operation to see its plan here.</p>
  ) : null;
}

function planOf(response) {
  try {
    return JSON.parse(response)?.extensions?.explain ?? null;
  } catch {
    return null;
  }
}

function PlanCard({ plan }) {
  const commands = plan.commands ?? [];
  const advice = [...(plan.advice ?? []), ...commands.flatMap((c) => c.advice ?? [])];
  return (
    <details className="newsstand-plan" open>
      <summary>
        <strong>Plan</strong> {figures(plan, commands).join(" · ")}
      </summary>
      <div className="newsstand-plan-body" tabIndex={0} role="region" aria-label="Plan">
        {advice.map((sentence) => (
          <p className="newsstand-advice" key={sentence}>
            {sentence}
          </p>
        ))}
        <Stages stages={plan.stages ?? []} />
        {commands.length > 0 && <Commands commands={commands} />}
        {plan.plan && <pre>{plan.plan}</pre>}
      </div>
    </details>
  );
}

const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const count = (value) => (value ?? "–").toLocaleString("en");

function figures(plan, commands) {
  const trips = plan.roundTrips ?? commands.length;
  return [
    `${trips} round trip${trips === 1 ? "" : "s"}`,
    plan.stages && ms(plan.stages.reduce((sum, stage) => sum + stage.milliseconds, 0)),
    plan.bytes != null && `${count(plan.bytes)} bytes`,
    plan.cost && `cost ${count(plan.cost.requested)} of ${count(plan.cost.limit)}`,
    plan.executor,
  ].filter(Boolean);
}

function Stages({ stages }) {
  const most = Math.max(...stages.map((stage) => stage.milliseconds), 0.001);
  return (
    <ul className="newsstand-stages">
      {stages.map(({ name, milliseconds }) => (
        <li key={name}>
          <span>{name}</span>
          <meter max={most} value={milliseconds} aria-label={name} />
          <span>{ms(milliseconds)}</span>
        </li>
      ))}
    </ul>
  );
}

const COLUMNS = ["Command", "Index", "Keys", "Docs", "Returned", "Time"];

function Commands({ commands }) {
  return (
    <table className="newsstand-commands">
      <thead>
        <tr>
          {COLUMNS.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      {commands.map((command, row) => (
        <Command key={row} command={command} />
      ))}
    </table>
  );
}

function Command({ command }) {
  const [open, setOpen] = useState(false);
  return (
    <tbody>
      <tr>
        <td>
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {command.command} {command.collection}
          </button>
        </td>
        <td>{command.index ?? "–"}</td>
        <td>{count(command.keysExamined)}</td>
        <td>{count(command.documentsExamined)}</td>
        <td>{count(command.returned)}</td>
        <td>{command.milliseconds == null ? "–" : ms(command.milliseconds)}</td>
      </tr>
      {open && (
        <tr>
          <td colSpan={COLUMNS.length}>
            <pre>{sent(command)}</pre>
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** What went to Mongo, a line a part, without the figures that have columns of their own. */
function sent({ where, pipeline, projection, order, limit }) {
  return Object.entries({ where, pipeline, projection, order, limit })
    .filter(([, value]) => value != null && value.length !== 0)
    .map(([name, value]) => `${name}: ${json(value)}`)
    .join("\n");
}

function json(value) {
  const line = JSON.stringify(value);
  return line.length < 100 ? line : JSON.stringify(value, null, 2);
}
