package dev.guildhall.indexer.chunk;

import dev.guildhall.indexer.chunk.Grammar.Named;
import dev.guildhall.indexer.chunk.LineRanges.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one parsed file.
 *
 * <p>The children of the file, or of a class too long for one chunk, become pieces: runs of whole lines, each with the
 * comments and decorators directly above it. A function is a chunk of its own; a class that is too long gives a chunk
 * of its head with its fields, then its members; a function that is too long is cut between statements; imports, fields
 * and the tiniest functions are joined with their neighbours of the same sort.
 */
final class SyntaxChunks {

    private static final int SCOPE_TOKENS_MAX = 60;
    private static final int CONTAINER_WHOLE_TOKENS_MAX = 120;
    private static final int JOINED_TOKENS_MAX = 30;
    private static final Set<String> VALUE_KINDS = Set.of("field", "constant", "variable");
    private static final int USED_NAMES_MAX = 300;

    private final Grammar grammar;
    private final SyntaxNode root;
    private final String source;
    private final int tokensMax;
    private final LineRanges lines;
    private final List<Definition> definitions = new ArrayList<>();
    private final List<List<String>> identifiersByLine;
    private final int[] boundaryDepths;
    private final BitSet belowComment = new BitSet();
    private final List<SourceChunk> chunks = new ArrayList<>();

    SyntaxChunks(Grammar grammar, SyntaxNode root, String source, int tokensMax) {
        this.grammar = grammar;
        this.root = root;
        this.source = source;
        this.tokensMax = tokensMax;
        this.lines = new LineRanges(source);
        this.boundaryDepths = new int[lines.count()];
        Arrays.fill(boundaryDepths, LineRanges.NO_BOUNDARY);
        this.identifiersByLine = new ArrayList<>();
        for (int line = 0; line < lines.count(); line++) {
            identifiersByLine.add(new ArrayList<>());
        }
    }

    List<SourceChunk> chunks() {
        survey(root, "", false, 0);
        String packageLine = root.children().stream()
                .filter(child -> child.type().equals("package_declaration")
                        || child.type().equals("package_clause"))
                .findFirst()
                .map(node -> signature(node.start(), node.end()))
                .orElse("");
        addPieces(pieces(root.children(), ""), new Scope(null, packageLine));
        return chunks;
    }

    /** Collects definitions, identifiers and boundaries of the whole file in one walk. */
    private void survey(SyntaxNode node, String enclosing, boolean insideFunction, int depth) {
        if (node.startLine() < lines.count()) {
            boundaryDepths[node.startLine()] =
                    Math.min(boundaryDepths[node.startLine()], isFirstOnLine(node) ? depth : LineRanges.NO_BOUNDARY);
            if (Grammar.isIdentifier(node)) {
                identifiersByLine.get(node.startLine()).add(node.text(source));
            }
        }
        String inside = enclosing;
        boolean function = insideFunction || Grammar.isFunctionValue(node);
        for (Named named : grammar.names(node, source)) {
            boolean local = insideFunction && !isNoteworthyInFunction(named.kind());
            if (!local) {
                String kind = named.kind().equals("function") && !enclosing.isEmpty() && !insideFunction
                        ? "method"
                        : named.kind();
                String symbol = enclosing.isEmpty() ? named.path() : enclosing + "." + named.path();
                definitions.add(new Definition(named.name(), symbol, kind, node));
                inside = symbol;
            }
            function |= Grammar.FUNCTION_KINDS.contains(named.kind());
        }
        int commentEnd = -1;
        for (SyntaxNode child : node.children()) {
            if (child.startLine() == commentEnd + 1 && child.startLine() < lines.count() && commentEnd >= 0) {
                belowComment.set(child.startLine());
            }
            commentEnd = child.isComment() ? child.endLine() : -1;
            survey(child, inside, function, depth + 1);
        }
    }

    /** A comment is not torn from what it is about. */
    private int boundaryDepth(int line) {
        return belowComment.get(line) ? LineRanges.NO_BOUNDARY : boundaryDepths[line];
    }

    private static boolean isNoteworthyInFunction(String kind) {
        return Grammar.CONTAINER_KINDS.contains(kind) || Grammar.FUNCTION_KINDS.contains(kind);
    }

    private boolean isFirstOnLine(SyntaxNode node) {
        for (int index = node.start() - 1; index >= 0; index--) {
            char character = source.charAt(index);
            if (character == '\n') {
                return true;
            }
            if (!Character.isWhitespace(character)) {
                return false;
            }
        }
        return true;
    }

    private List<Piece> pieces(List<SyntaxNode> siblings, String enclosingSymbol) {
        List<Piece> pieces = new ArrayList<>();
        @Nullable Range leading = null;
        for (SyntaxNode node : withoutErrors(siblings)) {
            Range range = new Range(node.startLine(), Math.min(node.endLine(), lines.count() - 1));
            if (node.isComment() || node.type().equals("decorator")) {
                boolean trailing = !pieces.isEmpty()
                        && leading == null
                        && pieces.getLast().range().endLine() == range.startLine();
                if (trailing) {
                    pieces.add(pieces.removeLast().extendedTo(range));
                } else if (leading != null && leading.endLine() + 1 < range.startLine()) {
                    pieces.add(new Piece(leading, null, Sort.CODE));
                    leading = range;
                } else {
                    leading = leading == null ? range : leading.through(range);
                }
                continue;
            }
            if (leading != null) {
                if (leading.endLine() + 1 >= range.startLine()) {
                    range = leading.through(range);
                } else {
                    pieces.add(new Piece(leading, null, Sort.CODE));
                }
                leading = null;
            }
            if (!pieces.isEmpty() && pieces.getLast().range().endLine() >= range.startLine()) {
                pieces.add(pieces.removeLast().extendedTo(range));
            } else {
                @Nullable Definition definition = definitionWithin(node, enclosingSymbol);
                pieces.add(new Piece(
                        range, definition, sort(node, definition, lines.tokens(range), !enclosingSymbol.isEmpty())));
            }
        }
        if (leading != null) {
            pieces.add(new Piece(leading, null, Sort.CODE));
        }
        return pieces;
    }

    /** Where the syntax is broken, the parts that were understood stand for the whole. */
    private static List<SyntaxNode> withoutErrors(List<SyntaxNode> siblings) {
        return siblings.stream()
                .flatMap(node -> node.type().equals("ERROR") && !node.children().isEmpty()
                        ? withoutErrors(node.children()).stream()
                        : Stream.of(node))
                .toList();
    }

    /** The definition that a sibling is, or wraps: an exported, decorated or assigned one. */
    private @Nullable Definition definitionWithin(SyntaxNode node, String enclosingSymbol) {
        @Nullable Definition found = null;
        for (Definition definition : definitions) {
            boolean within = definition.node().start() >= node.start()
                    && definition.node().end() <= node.end();
            if (within && isDirectlyIn(definition, enclosingSymbol)) {
                if (found != null) {
                    // Several names at once, such as a group of constants: the piece has no one symbol.
                    return null;
                }
                found = definition;
            }
        }
        return found;
    }

    private static boolean isDirectlyIn(Definition definition, String enclosingSymbol) {
        String rest = enclosingSymbol.isEmpty()
                ? definition.symbol()
                : definition.symbol().startsWith(enclosingSymbol + ".")
                        ? definition.symbol().substring(enclosingSymbol.length() + 1)
                        : "";
        // A Go method's own path has a dot of its own.
        return rest.equals(definition.name())
                || (enclosingSymbol.isEmpty()
                        && definition.node().type().equals("method_declaration")
                        && rest.endsWith("." + definition.name())
                        && definition.node().child("receiver").isPresent());
    }

    private Sort sort(SyntaxNode node, @Nullable Definition definition, int tokens, boolean member) {
        if (grammar.isPreamble(node)) {
            return Sort.PREAMBLE;
        }
        if (definition == null) {
            return member ? Sort.MEMBER : Sort.CODE;
        }
        boolean alone = tokens > JOINED_TOKENS_MAX && !VALUE_KINDS.contains(definition.kind());
        return alone ? Sort.ALONE : Sort.MEMBER;
    }

    private void addPieces(List<Piece> pieces, Scope scope) {
        @Nullable Piece open = null;
        int budget = tokensMax - TokenEstimate.of(scope.text());
        for (Piece piece : pieces) {
            int tokens = lines.tokens(piece.range());
            if (open != null && joins(open, piece) && fits(open.range().through(piece.range()), budget)) {
                open = open.joinedWith(piece, tokens > lines.tokens(open.range()) ? piece.sort() : open.sort(), scope);
                continue;
            }
            if (open != null) {
                addChunk(open, scope);
                open = null;
            }
            Optional<SyntaxNode> body = containerBody(piece);
            if (body.isPresent()
                    && tokens > CONTAINER_WHOLE_TOKENS_MAX
                    && !Grammar.members(body.get()).isEmpty()) {
                addContainer(piece, body.get(), scope);
            } else if (tokens > budget) {
                addParts(piece, scope);
            } else {
                open = piece;
            }
        }
        if (open != null) {
            addChunk(open, scope);
        }
    }

    /** Neighbours of one sort are one chunk; a scrap joins a neighbour of any sort but a function or class. */
    private boolean joins(Piece open, Piece next) {
        if (open.sort() == Sort.ALONE || next.sort() == Sort.ALONE) {
            return false;
        }
        return open.sort() == next.sort()
                || lines.tokens(open.range()) <= JOINED_TOKENS_MAX
                || lines.tokens(next.range()) <= JOINED_TOKENS_MAX;
    }

    private boolean fits(Range range, int budget) {
        return lines.tokens(range) <= budget;
    }

    private static Optional<SyntaxNode> containerBody(Piece piece) {
        return Optional.ofNullable(piece.definition())
                .filter(definition -> Grammar.CONTAINER_KINDS.contains(definition.kind()))
                .flatMap(definition -> Grammar.body(definition.node()));
    }

    private void addContainer(Piece piece, SyntaxNode body, Scope scope) {
        Definition container = Objects.requireNonNull(piece.definition());
        List<Piece> members = pieces(Grammar.members(body), container.symbol());
        int headEnd =
                Math.max(piece.range().startLine(), members.getFirst().range().startLine() - 1);
        List<Piece> all = new ArrayList<>();
        if (members.getFirst().range().startLine() > piece.range().startLine()) {
            all.add(new Piece(lines.trimmed(new Range(piece.range().startLine(), headEnd)), container, Sort.MEMBER));
        }
        all.addAll(members);
        // The same lines again would never end: a class on one line is cut as it stands.
        if (all.size() == 1 && all.getFirst().range().equals(piece.range())) {
            addParts(piece, scope);
            return;
        }
        Scope inner = scope.with(container, signature(container.node().start(), body.start()));
        addPieces(all, inner);
    }

    private void addParts(Piece piece, Scope scope) {
        @Nullable Definition definition = piece.definition();
        Scope inner = scope;
        if (definition != null) {
            int bodyStart = Grammar.body(definition.node())
                    .map(SyntaxNode::start)
                    .orElse(definition.node().end());
            inner = scope.with(definition, signature(definition.node().start(), bodyStart));
        }
        int budget = tokensMax - TokenEstimate.of(inner.text());
        boolean first = true;
        for (Range part : lines.cut(piece.range(), budget, this::boundaryDepth)) {
            addChunk(new Piece(lines.trimmed(part), definition, piece.sort()), first ? scope : inner);
            first = false;
        }
    }

    private void addChunk(Piece piece, Scope scope) {
        Range range = lines.trimmed(piece.range());
        @Nullable Definition definition = piece.definition();
        List<String> defined = definitions.stream()
                .filter(candidate -> candidate.node().startLine() >= range.startLine()
                        && candidate.node().startLine() <= range.endLine())
                .map(Definition::name)
                .distinct()
                .toList();
        @Nullable String symbol = definition == null ? scope.symbol() : definition.symbol();
        chunks.add(new SourceChunk(
                symbol,
                definition == null ? piece.sort().kind : definition.kind(),
                scope.text(),
                range.startLine() + 1,
                range.endLine() + 1,
                lines.text(range),
                defined,
                usedNames(range)));
    }

    private List<String> usedNames(Range range) {
        Set<String> names = new LinkedHashSet<>();
        for (int line = range.startLine(); line <= range.endLine(); line++) {
            names.addAll(identifiersByLine.get(line));
        }
        return names.stream()
                .filter(name -> name.length() > 1 && name.length() <= 200)
                .limit(USED_NAMES_MAX)
                .toList();
    }

    private String signature(int start, int end) {
        String text = source.substring(start, end).strip().replaceAll("\\s+", " ");
        return TokenEstimate.head(text, SCOPE_TOKENS_MAX / 2);
    }

    private enum Sort {
        PREAMBLE("imports"),
        MEMBER("members"),
        ALONE("code"),
        CODE("code");

        private final String kind;

        Sort(String kind) {
            this.kind = kind;
        }
    }

    private record Definition(String name, String symbol, String kind, SyntaxNode node) {}

    /** @param definition what the piece defines when that is one thing */
    private record Piece(Range range, @Nullable Definition definition, Sort sort) {

        Piece extendedTo(Range further) {
            return new Piece(range.through(further), definition, sort);
        }

        /** Fields keep the class whose head they follow; other neighbours have no one name together. */
        Piece joinedWith(Piece next, Sort sortOfBoth, Scope scope) {
            boolean head = definition != null && definition.symbol().equals(scope.symbol());
            return new Piece(range.through(next.range), head ? definition : null, sortOfBoth);
        }
    }

    /** @param symbol of the innermost enclosing definition */
    private record Scope(@Nullable String symbol, String text) {

        Scope with(Definition definition, String signature) {
            String inner = text.isEmpty() ? signature : text + "\n" + signature;
            return new Scope(definition.symbol(), TokenEstimate.head(inner, SCOPE_TOKENS_MAX));
        }
    }
}
