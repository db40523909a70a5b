// Talks to one Vigie server. Remembers answers, so that no text is sent twice; keeps them in memory only.
const REMEMBERED = 300;

/** The server cannot be reached (`away`), is busy, or refuses what it is sent (`refused`, `tooLong`). */
export class ClientError extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

export class Client {
  constructor({ server = '', key, profile, timeout = 5000 } = {}) {
    Object.assign(this, { server: server.replace(/\/$/, ''), key, profile, timeout });
    this.answers = new Map();
  }

  /** Whether nothing would have to be asked. */
  knows(texts, field) {
    return texts.every((text) => this.answers.has(`${field ?? ''}\0${text}`));
  }

  /** Answers for texts, in order; one request for all that are not known yet. */
  async check(texts, field, signal) {
    const keyOf = (text) => `${field ?? ''}\0${text}`;
    const unknown = [...new Set(texts.filter((text) => !this.answers.has(keyOf(text))))];
    const found = new Map(texts.map((text) => [text, this.answers.get(keyOf(text))]));
    const how = this.profile ? { profile: this.profile } : {};
    const named = field ? { field } : {};
    if (unknown.length === 1) {
      const answer = await this.send('POST', '/v1/check', { text: unknown[0], ...named, ...how }, signal);
      this.remember(keyOf(unknown[0]), answer, found, unknown[0]);
    } else if (unknown.length > 1) {
      const notes = unknown.map((text, id) => ({ id, text, ...named }));
      const { results } = await this.send('POST', '/v1/check/batch', { notes, ...how }, signal);
      for (const result of results) {
        if (result.error) throw new ClientError(result.error.status === 413 ? 'tooLong' : 'refused');
        this.remember(keyOf(unknown[result.id]), result, found, unknown[result.id]);
      }
    }
    return texts.map((text) => found.get(text));
  }

  remember(key, answer, found, text) {
    found.set(text, answer);
    this.answers.set(key, answer);
    if (this.answers.size > REMEMBERED) this.answers.delete(this.answers.keys().next().value);
  }

  /** Whether the profile lets the writer save a blocked text with a reason. */
  async mayOverride(policy) {
    this.profiles ??= this.send('GET', '/v1/profiles').catch(() => ((this.profiles = undefined), null));
    const list = await this.profiles;
    return Boolean(list?.profiles.find((profile) => profile.id === policy)?.save_with_reason);
  }

  /** Records that a blocked text is saved, and why; the text stays here. */
  override(policy, reason, findings) {
    const categories = [...new Set(findings.map((finding) => finding.category))];
    return this.send('POST', '/v1/overrides', { profile: policy, reason, categories }, undefined, true);
  }

  async send(method, path, body, signal, keepalive = false) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), this.timeout);
    const give = () => stop.abort();
    signal?.addEventListener('abort', give);
    try {
      const response = await fetch(this.server + path, {
        method,
        keepalive,
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(this.key && { authorization: `Bearer ${this.key}` }),
        },
        body: body && JSON.stringify(body),
        signal: stop.signal,
        referrerPolicy: 'no-referrer',
      });
      if (response.ok) return response.status === 204 ? null : await response.json();
      const kinds = { 413: 'tooLong', 400: 'refused', 401: 'refused', 403: 'refused', 404: 'refused', 422: 'refused' };
      throw new ClientError(kinds[response.status] ?? 'away');
    } catch (error) {
      throw error instanceof ClientError ? error : new ClientError('away');
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', give);
    }
  }
}
