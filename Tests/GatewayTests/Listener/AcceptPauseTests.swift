import Glibc
import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite("Accepting when the system has no more files")
struct AcceptPauseTests {
    /// What a channel was told about reading by itself.
    private func autoRead(_ channel: EmbeddedChannel) -> [Bool] {
        channel.options.compactMap { option, value in
            option is ChannelOptions.Types.AutoReadOption ? value as? Bool : nil
        }
    }

    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func `accepting stops for a second, then goes on`(code: CInt) throws {
        let channel = EmbeddedChannel(handler: AcceptPause())
        channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        #expect(autoRead(channel) == [false])
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(999))
        #expect(autoRead(channel) == [false])
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(autoRead(channel).last == true)
    }

    @Test func `one client that gives up stops nothing`() throws {
        let channel = EmbeddedChannel(handler: AcceptPause())
        channel.pipeline.fireErrorCaught(IOError(errnoCode: ECONNABORTED, reason: "accept"))
        #expect(throws: IOError.self) { try channel.throwIfErrorCaught() }
        #expect(autoRead(channel).isEmpty)
    }
}
