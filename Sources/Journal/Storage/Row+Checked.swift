internal import Foundation
internal import GRDB

extension Row {
    /// A column's value.
    ///
    /// GRDB's subscripts trap when a value is not of the wanted type, which in a damaged file it may not be.
    func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        try decode(Value.self, forColumn: column)
    }

    /// A column's value, or `nil` where it is NULL.
    func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        let stored: DatabaseValue = try decode(DatabaseValue.self, forColumn: column)
        return stored.isNull ? nil : try value(column)
    }

    /// A column's number, by position: the fast way through many rows.
    func number(at position: Int) throws -> Int64 { try decode(Int64.self, atIndex: position) }

    /// A column's bytes, by position.
    func bytes(at position: Int) throws -> [UInt8] { [UInt8](try decode(Data.self, atIndex: position)) }
}
