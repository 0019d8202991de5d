/** The contract of a serializer: data in bodies. */

/** What a serializer is made with. */
export interface SerializerOptions {
  /** True where people read the output: adds white space. */
  readonly pretty: boolean;
  /** Every setting in force, for the engine's own keys. */
  readonly setting: (name: string) => unknown;
}

/** Turns what handlers return into a body, and request bodies into data. */
export interface Serializer {
  /** The media type of what `serialize` makes, such as `application/json`. */
  readonly contentType: string;
  /** Tells whether a request body of this media type (lower case, no parameters) is for `deserialize`. */
  reads(mediaType: string): boolean;
  serialize(data: unknown): string;
  /** @throws Error on malformed text; the app answers it with status 400. */
  deserialize(text: string): unknown;
}
