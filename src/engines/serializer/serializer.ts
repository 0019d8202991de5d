/** The contract of a serializer: data in bodies. */

/** What a serializer is made with. */
export interface SerializerOptions {
  /** True where people read the output: adds white space. */
  readonly pretty: boolean;
  /** Every setting in force, for the engine's own keys. */
  readonly setting: (name: string) => unknown;
}

/** What a serializer may ask of the request that it answers. */
export interface SerializerRequest {
  /** Upper case. */
  readonly method: string;
  /** The media type of the body, lower case and without parameters. */
  readonly mediaType: string | undefined;
  /** The values of the query by name. */
  readonly query: Readonly<Record<string, readonly string[] | undefined>>;
  header(name: string): string | undefined;
}

/** Turns what handlers return into a body, and request bodies into data. */
export interface Serializer {
  /** The media type of what `serialize` makes, such as `application/json`. */
  readonly contentType: string;
  /** Tells whether a request body of this media type (lower case, no parameters) is for `deserialize`. */
  reads(mediaType: string): boolean;
  serialize(data: unknown): string;
  /** @throws Error on malformed text; the app answers it with status 400. */
  deserialize(text: string, mediaType: string): unknown;
  /** The serializer that answers this request, where requests decide the form. */
  for?(request: SerializerRequest): Serializer;
}
