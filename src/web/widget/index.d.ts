/** Settings of the widget. */
export interface Options {
  /** Fields to check; default `[data-vigie]`. */
  selector?: string;
  /** Address of the Vigie server; default: the page's own. */
  server?: string;
  /** API key. Whoever reads the page reads it: give the widget one of its own. */
  key?: string;
  /** Policy profile; default: the server's. */
  profile?: string;
  /** Name of the field as profiles know it; default: `data-vigie-field`, else `name`. */
  field?: string;
  /** Pause in typing before asking, ms; default 250. */
  debounce?: number;
  /** Longest wait for an answer, ms; default 5000. */
  timeout?: number;
  /** Whether a save is held while something is to be taken out; default true. */
  guard?: boolean;
  /** Buttons that save without a form; default `[data-vigie-save]`. */
  save?: string;
  /** Default: told by the ground the field stands on. */
  theme?: 'light' | 'dark';
}

export interface Handle {
  /** Checks a field that the selector does not reach, as in a closed shadow root. */
  attach(element: HTMLElement, options?: Options): { destroy(): void; check(pieces: string[]): Promise<void> };
  /** Checks by another profile from now on. */
  useProfile(profile: string): void;
  stop(): void;
}

export function start(options?: Options): Handle;
