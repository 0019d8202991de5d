/** Runs the cases of one suite, in order, and says how each compares. */
import type { Deviations } from "../deviations.ts";
import { answerOf, type OurAnswer } from "./answer.ts";
import { readSuite, type Case, type Suite } from "./cases.ts";
import { compare, compareOurs } from "./compare.ts";
import { exchange } from "./exchange.ts";
import { Jars } from "./jar.ts";
import type { Rule } from "./rules.ts";
import { startSuite, type SuiteApp, type SuiteServer } from "./server.ts";

/** How a case compares with Dancer's answer. */
export interface Verdict {
  /** As Dancer, by a rule, as its mark in `cases.json` proposes, or as our list says. */
  readonly how: "same" | "rule" | "mark" | "list";
  readonly rules: readonly Rule[];
  /** What is neither Dancer's answer nor the one listed. */
  readonly differences: readonly string[];
}

/** One run of a suite; what servers and jars hold carries over from case to case. */
export class SuiteRun {
  readonly #suite: Suite;
  readonly #app: SuiteApp;
  readonly #deviations: Deviations;
  readonly #jars = new Jars();
  readonly #servers = new Map<string, Promise<SuiteServer>>();
  /** How much of each observed log has been seen, by server. */
  readonly #seen = new Map<string, Map<string, number>>();

  constructor(name: string, app: SuiteApp, deviations: Deviations) {
    this.#suite = readSuite(name);
    this.#app = app;
    this.#deviations = deviations;
  }

  /** The cases, in order. */
  get cases(): readonly Case[] {
    return this.#suite.cases;
  }

  /** Names in the list of deviations that no case has. */
  get unknownDeviations(): string[] {
    const known = new Set(this.cases.map(({ name }) => name));
    return Object.keys(this.#deviations).filter((name) => !known.has(name));
  }

  /** Sends the case's request and compares. */
  async verdict(one: Case): Promise<Verdict> {
    const got = await this.#ask(one);
    const { differences, rules } = compare(one, got);
    const listed = this.#deviations[one.name];
    if (listed === undefined) {
      const unsettled =
        one.deviate === undefined
          ? differences
          : [`marked "${one.deviate}": say in deviations/${this.#suite.suite}.ts what we answer`];
      const how = rules.length > 0 ? "rule" : "same";
      return { how, rules, differences: unsettled };
    }
    const how = one.deviate === undefined ? "list" : "mark";
    const ours = compareOurs(one, listed.answer, got);
    if (how === "list" && differences.length === 0)
      ours.push("listed as a deviation, but the same");
    return { how, rules: [], differences: ours };
  }

  /** Stops the servers. */
  async stop(): Promise<void> {
    for (const server of this.#servers.values()) await (await server).stop();
  }

  async #ask(one: Case): Promise<OurAnswer> {
    const server = await this.#server(one.server ?? "default");
    if (one.request === undefined) {
      const text = server.failure?.message ?? "";
      return { starts: server.failure === undefined, headers: {}, text };
    }
    if (server.failure !== undefined) throw server.failure;
    server.wait(one.request.wait_ms ?? 0);
    const sentAt = server.now();
    const { appdir, port } = server;
    const response = await exchange(port, this.#jars.requestOf(one));
    const cookies = response.headers.filter(([name]) => name === "set-cookie");
    if (one.request.jar !== undefined) {
      this.#jars.named(one.request.jar).store(
        cookies.map(([, line]) => line),
        sentAt,
      );
    }
    return answerOf(one, response, {
      appdir,
      port,
      sentAt,
      seen: this.#seenOf(one.server ?? "default"),
    });
  }

  #server(name: string): Promise<SuiteServer> {
    let server = this.#servers.get(name);
    if (server === undefined) {
      const spec = this.#suite.servers?.[name] ?? {};
      server = startSuite(this.#suite.suite, spec, this.#app);
      this.#servers.set(name, server);
    }
    return server;
  }

  #seenOf(server: string): Map<string, number> {
    let seen = this.#seen.get(server);
    if (seen === undefined) this.#seen.set(server, (seen = new Map<string, number>()));
    return seen;
  }
}
