/** What session engines have to do that keep sessions outside the cookie, and those that several processes share. */
import assert from "node:assert/strict";
import {
  allOf,
  mustBeGone,
  mustOpen,
  regenerate,
  trialLimits,
  write,
  type SessionCases,
} from "./session-trial.ts";

const { idle } = trialLimits;

/** Cases for engines that keep sessions outside the cookie. */
export const remembering: SessionCases = {
  "SEC-402 adopts no id that it does not know": async (trial, store) => {
    const record = { ...trial.newRecord({ a: 1 }), version: 1 };
    await mustBeGone(store, await store.save(record, allOf(record)), "under an id nobody gave out");
    await store.touch(record);
    await mustBeGone(store, record.id, "under an id that was only touched");
  },

  "SEC-403 ends the old id when a session is regenerated, and keeps its data": async (
    trial,
    store,
  ) => {
    const { cookie, record } = await trial.saved(store, { user: "ada" });
    const renewed = await regenerate(store, record);
    await mustBeGone(store, cookie, "under the id it had before it was regenerated");
    const opened = await mustOpen(store, renewed.cookie);
    assert.deepEqual([opened.id, { ...opened.data }], [renewed.id, { user: "ada" }]);
    assert.equal(opened.createdAt, record.createdAt);
  },

  "SEC-601 keeps the keys of 50 parallel writers that started from the same record": async (
    trial,
    store,
  ) => {
    const { cookie, record } = await trial.saved(store, { first: 1, gone: 1 });
    const keys = Array.from({ length: 50 }, (_, index) => `key${index}`);
    await Promise.all(keys.map(async (key) => write(store, record, { [key]: key }, ["gone"])));
    const { data } = await mustOpen(store, cookie);
    const wanted = { first: 1, ...Object.fromEntries(keys.map((key) => [key, key])) };
    assert.deepEqual({ ...data }, wanted);
  },

  "SEC-601 loses nothing to a touch that overlaps a write": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { n: 0 });
    const writes = Array.from({ length: 10 }, async (_, n) => {
      await Promise.all([store.touch(record), write(store, record, { [`k${n}`]: n })]);
    });
    await Promise.all(writes);
    await store.touch(record);
    assert.equal(Object.keys((await mustOpen(store, cookie)).data).length, 11);
  },

  "SEC-602 keeps a destroyed session destroyed": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { a: 1 });
    await store.destroy(record.id);
    await mustBeGone(store, cookie, "that was destroyed");
    for (const version of [record.version, 0]) {
      await store.save({ ...record, version }, allOf(record));
      await mustBeGone(store, cookie, `that was destroyed and then saved as version ${version}`);
    }
    await store.touch(record);
    await mustBeGone(store, cookie, "that was destroyed and then touched");
    trial.advance(idle + 1);
    await store.save({ ...record, version: 0 }, allOf(record));
    await mustBeGone(store, cookie, "that was destroyed more than an idle time ago");
  },

  "SEC-602 lets a destroy win over writes that overlap it": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { a: 1 });
    await Promise.all([
      write(store, record, { b: 1 }),
      store.destroy(record.id),
      write(store, record, { c: 1 }),
      store.touch(record),
    ]);
    await mustBeGone(store, cookie, "that was destroyed while others wrote to it");
  },

  "SEC-602 does not bring an expired session back by saving it": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { a: 1 });
    trial.advance(idle + 1);
    await write(store, record, { b: 1 });
    await mustBeGone(store, cookie, "that was saved when it had expired");
    await store.save({ ...record, version: 0, data: { b: 1 } }, { written: ["b"], deleted: [] });
    const anew = await store.open(cookie, undefined);
    assert.ok(anew?.data["a"] === undefined, "a new session holds what an expired one held");
  },

  "SEC-603 revives no session that was idle too long by touching it": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { a: 1 });
    trial.advance(idle + 1);
    await store.touch(record);
    await mustBeGone(store, cookie, "that was touched when it had been idle too long");
  },

  "SEC-602 regenerates no session that has ended": async (trial, store) => {
    const destroyed = await trial.saved(store, { a: 1 });
    const expired = await trial.saved(store, { a: 1 });
    await store.destroy(destroyed.record.id);
    const renewed = await regenerate(store, destroyed.record);
    await mustBeGone(store, renewed.cookie, "that was regenerated after it was destroyed");
    trial.advance(idle + 1);
    const late = await regenerate(store, expired.record);
    await mustBeGone(store, late.cookie, "that was regenerated after it had expired");
  },

  "SEC-602 lets one of several parallel regenerations win": async (trial, store) => {
    const { record } = await trial.saved(store, { a: 1 });
    const renewed = await Promise.all([1, 2, 3].map(async () => regenerate(store, record)));
    const opened = await Promise.all(
      renewed.map(async ({ cookie }) => store.open(cookie, undefined)),
    );
    assert.equal(opened.filter((one) => one !== undefined).length, 1);
  },

  "counts the saves": async (trial, store) => {
    const { cookie, record } = await trial.saved(store, { a: 1, b: 2 });
    await store.save({ ...record, data: { b: 2 } }, { written: [], deleted: ["a"] });
    const opened = await mustOpen(store, cookie);
    assert.deepEqual([opened.version, { ...opened.data }], [record.version + 1, { b: 2 }]);
  },

  "SEC-605 shares no object with those who save or between those who open": async (
    trial,
    store,
  ) => {
    const items = [1];
    const { cookie, record } = await trial.saved(store, { items });
    items.push(2);
    try {
      (record.data["items"] as number[]).push(3);
    } catch {
      // An engine may hand out frozen data.
    }
    assert.deepEqual((await mustOpen(store, cookie)).data["items"], [1]);
  },
};

/** Cases for engines whose sessions are shared between processes. */
export const sharing: SessionCases = {
  "SEC-601 keeps the keys of 50 writers in two processes": async (trial, one) => {
    const two = await trial.create();
    const { cookie, record } = await trial.saved(one, { first: 1 });
    const keys = Array.from({ length: 50 }, (_, index) => `key${index}`);
    const writing = keys.map(async (key, index) =>
      write(index % 2 === 0 ? one : two, record, { [key]: key }),
    );
    await Promise.all(writing);
    for (const store of [one, two]) {
      assert.equal(Object.keys((await mustOpen(store, cookie)).data).length, 51);
    }
  },

  "SEC-602 ends a session in every process": async (trial, one) => {
    const two = await trial.create();
    const { cookie, record } = await trial.saved(one, { a: 1 });
    await mustOpen(two, cookie);
    await two.destroy(record.id);
    await write(one, record, { b: 1 });
    await mustBeGone(one, cookie, "in one process that another destroyed");
  },

  "keeps sessions when it is closed and made again": async (trial) => {
    const first = await trial.create();
    const { cookie } = await trial.saved(first, { a: 1 });
    const ended = await trial.saved(first, { a: 1 });
    await first.destroy(ended.record.id);
    await first.close?.();
    const second = await trial.create();
    assert.deepEqual({ ...(await mustOpen(second, cookie)).data }, { a: 1 });
    await second.save({ ...ended.record, version: 0 }, allOf(ended.record));
    await mustBeGone(second, ended.cookie, "that was destroyed before the store was made again");
  },
};
