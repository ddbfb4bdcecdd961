/** A finding's title, whose pieces between backticks are code. A backtick without a second one stays as it is. */
export function TitleText({ title }: { title: string }) {
  const pieces = title.split(/`([^`]+)`/);
  return pieces.map((piece, index) =>
    index % 2 === 0 ? (
      piece
    ) : (
      // The pieces of a title never change places.
      <code key={index} className="font-mono text-[0.92em]">
        {piece}
      </code>
    ),
  );
}
