internal import NIOCore

/// The client's side of an exchange over HTTP/1.1.
extension ConnectionHandler: HTTPDownstream {
    package var readsBody: Bool {
        get { passing?.readsBody ?? false }
        set {
            guard passing != nil, newValue != passing?.readsBody else { return }
            passing?.readsBody = newValue
            guard newValue, let context else { return }
            if passing?.expectsContinue == true {
                passing?.expectsContinue = false
                // A client that has begun to send does not wait for permission (RFC 9110 §10.1.1).
                if input.readableBytes == 0, passing?.answer == Passing.Answer.none {
                    context.write(NIOAny(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
                    flush()
                }
            }
            pumpBody()
        }
    }

    package var isWritable: Bool { context?.channel.isWritable ?? false }

    package func sendInterim(_ lines: ByteBuffer) {
        guard let passing, passing.answer == .none, passing.facts.minorVersion > 0, let context else { return }
        var lines = lines
        lines.writeStaticString("\r\n")
        context.write(NIOAny(lines), promise: nil)
        flush()
    }

    package func begin(_ framing: HTTPAnswerFraming, _ write: (inout ByteWriter) -> Void) {
        guard var passing, passing.answer == .none, let context else { return }
        discardBody()
        passing.body = self.passing?.body ?? passing.body
        // Whatever is left of the request when its answer ends would have to be read for nothing.
        passing.facts.closes = passing.facts.closes || loop.isStopping || !passing.body.isOver
        passing.answer = .plain
        var writer = loop.takeWriter()
        write(&writer.output)
        switch framing {
        case .none: break
        case .length(let length):
            writer.output.write(literal: "Content-Length: ")
            writer.output.write(decimal: Int64(length))
            writer.output.write(literal: "\r\n")
        case .unknown where passing.facts.minorVersion > 0:
            passing.answer = .chunked
            writer.output.write(literal: "Transfer-Encoding: chunked\r\n")
        case .unknown: passing.facts.closes = true
        case .tunnel:
            passing.answer = .tunnel
            passing.body = .tunnel
            passing.facts.closes = true
            writer.output.write(literal: "Connection: upgrade\r\n")
        }
        if framing != .tunnel, passing.facts.closes {
            writer.output.write(literal: "Connection: close\r\n")
        } else if framing != .tunnel, passing.facts.minorVersion == 0 {
            writer.output.write(literal: "Connection: keep-alive\r\n")
        }
        writer.output.write(literal: "\r\n")
        self.passing = passing
        context.write(NIOAny(writer.takeOutput()), promise: nil)
        loop.giveBack(writer)
    }

    package func send(_ content: ByteBuffer) {
        guard let answer = passing?.answer, content.readableBytes > 0, let context else { return }
        if answer == .chunked {
            var size = ByteBuffer()
            size.writeString(String(content.readableBytes, radix: 16))
            size.writeStaticString("\r\n")
            context.write(NIOAny(size), promise: nil)
            context.write(NIOAny(content), promise: nil)
            context.write(NIOAny(ByteBuffer(staticString: "\r\n")), promise: nil)
        } else {
            context.write(NIOAny(content), promise: nil)
        }
        if !context.channel.isWritable { expectWhilePassing() }
    }

    package func end(trailers: ByteBuffer?) {
        guard let passing, let context else { return }
        switch passing.answer {
        case .none, .over: return
        case .plain: break
        case .chunked:
            var last = ByteBuffer(staticString: "0\r\n")
            if let trailers { last.writeImmutableBuffer(trailers) }
            last.writeStaticString("\r\n")
            context.write(NIOAny(last), promise: nil)
        case .tunnel:
            self.passing = nil
            phase = .open
            var writer = loop.takeWriter()
            sayGoodbye(&writer)
            return loop.giveBack(writer)
        }
        finishPassing()
    }

    package func answer(_ write: (inout HTTPResponseWriter) -> Void) {
        guard let context, passing?.answer == Passing.Answer.none else { return }
        discardBody()
        guard let passing else { return }
        var facts = passing.facts
        facts.closes = facts.closes || loop.isStopping || !passing.body.isOver
        var writer = loop.takeWriter()
        writer.begin(facts)
        write(&writer)
        self.passing?.facts.closes = writer.exchange.closes
        context.write(NIOAny(writer.takeOutput()), promise: nil)
        loop.giveBack(writer)
        finishPassing()
    }

    /// Reads what is there of a body that nobody wants: it is often all of it, and the connection can stay.
    private func discardBody() {
        guard passing?.readsBody == false, passing?.expectsContinue == false else { return }
        while let piece = try? passing?.body.next(&input) {
            switch piece {
            case .data: continue
            case .incomplete, .end: return
            }
        }
    }

    /// Goes on with the next request, or says goodbye.
    private func finishPassing() {
        guard let passing, let context else { return }
        self.passing = nil
        phase = .open
        if passing.facts.closes {
            var writer = loop.takeWriter()
            sayGoodbye(&writer)
            return loop.giveBack(writer)
        }
        flush()
        expect(.request, anew: true)
        proceed(context)
    }

    package func abort() {
        passing = nil
        close()
    }

    package func flush() {
        if !isReading { context?.flush() }
    }
}
