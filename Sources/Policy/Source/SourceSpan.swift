/// A stretch of one line of one file.
///
/// Lines and columns count from 1; columns count Unicode scalars, as libyaml and most editors do. A thing that goes on
/// over several lines is named by its part on the first.
package struct SourceSpan: Hashable, Comparable, Sendable {
    /// The file, an index into the files that were read together.
    package var file: Int
    /// The line, from 1.
    package var line: Int
    /// The first column, from 1.
    package var column: Int
    /// How many scalars the stretch holds; 0 names the place between two.
    package var length: Int

    /// States a stretch.
    package init(file: Int, line: Int, column: Int, length: Int) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
    }

    /// The first column after the stretch.
    package var endColumn: Int { column + length }

    package static func < (left: SourceSpan, right: SourceSpan) -> Bool {
        (left.file, left.line, left.column, left.length) < (right.file, right.line, right.column, right.length)
    }
}
