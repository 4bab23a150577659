internal import NIOCore

/// Requests that are passed on while they arrive.
extension ConnectionHandler {
    /// Begins the exchanges of the requests whose heads are complete, one after the other.
    func passRequests(in bytes: inout ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .open = phase, !mayBeHTTP2 || isHTTP1(&bytes, context) else { return }
        isAnswering = true
        let countBefore = requestCount
        do throws(HTTPViolation) {
            while case .open = phase, context.channel.isWritable, let request = try parser.nextHead(&bytes) {
                input = bytes
                bytes = ByteBuffer()
                begin(request)
                guard case .open = phase else { break }
                bytes = input
                input = ByteBuffer()
            }
            if case .open = phase {
                var writer = loop.takeWriter()
                let isDry = context.channel.isWritable
                waitForMore(isDry, parser.progress(of: bytes), anew: requestCount > countBefore, &writer)
                loop.giveBack(writer)
            }
        } catch { turnAway(error) }
        isAnswering = false
    }

    private func begin(_ request: borrowing HTTPRequestView) {
        requestCount += 1
        let closes =
            !request.head.keepsAlive || loop.isStopping || requestCount == loop.limits.requestsPerConnectionMax
        passing = Passing(request.head, limits: loop.limits.message, closes: closes)
        phase = .passing
        let exchange = loop.responder.exchange(for: request, from: peer, to: self)
        guard case .passing = phase, passing?.answer != .over else { return }
        passing?.exchange = exchange
        pumpBody()
    }

    /// Takes bytes while a request is passed on.
    func receiveWhilePassing(_ received: ByteBuffer) {
        guard let passing else { return }
        if wait == .body, passing.wantsInput { extendBodyDeadline(by: received.readableBytes) }
        if input.readableBytes == 0 {
            input = received
        } else {
            input.writeImmutableBuffer(received)
        }
        pumpBody()
    }

    /// Hands the body on as far as it is there and wanted.
    func pumpBody() {
        guard passing?.isPumping == false, let exchange = passing?.exchange else { return }
        passing?.isPumping = true
        do throws(HTTPViolation) {
            pumping: while case .passing = phase, passing?.wantsInput == true {
                switch try passing?.body.next(&input) {
                case .data(let content): exchange.receive(content)
                case .end(let trailers): exchange.receiveEnd(trailers: trailers)
                case .incomplete, nil:
                    guard inputHasEnded, try passing?.body.end() == true else { break pumping }
                    exchange.receiveEnd(trailers: nil)
                }
            }
        } catch { return breakOff(error) }
        passing?.isPumping = false
        guard case .passing = phase else { return }
        expectWhilePassing()
        keepInput()
    }

    /// Keeps what is not wanted yet, and no more memory than that takes.
    private func keepInput() {
        if input.readableBytes == 0 {
            input = ByteBuffer()
        } else if input.storageCapacity > 2 * input.readableBytes + 1_024 {
            input = ByteBuffer(bytes: input.readableBytesView)
        }
        updateHeldBytes()
        if let context { resumeReading(context) }
    }

    /// The client breaks the rules in the middle of its body, or asks too much.
    ///
    /// It hears so if nothing has been answered yet.
    func breakOff(_ violation: HTTPViolation) {
        guard case .passing = phase, let passing else { return }
        self.passing = nil
        passing.exchange?.abandon(for: violation)
        guard passing.answer == .none else {
            loop.responder.connectionFailed(violation, from: peer)
            return close()
        }
        phase = .open
        turnAway(violation)
    }

    /// The client has closed its end.
    ///
    /// Before the answer has begun that means that it does not wait for one, as nginx and Envoy read it too; a client
    /// that has died looks the same.
    func endInputWhilePassing() {
        guard let passing else { return }
        if passing.answer == .tunnel || passing.wantsInput { return pumpBody() }
        guard passing.answer == .none else { return }
        leave()
    }

    /// Lets go of the exchange and ends the connection.
    func leave() {
        let exchange = passing?.exchange
        passing = nil
        exchange?.abandon(for: nil)
        close()
    }

    /// Says what the connection waits for in the middle of an exchange.
    func expectWhilePassing() {
        guard let passing, let context else { return }
        if !context.channel.isWritable {
            expect(.room, anew: false)
        } else if passing.wantsInput, passing.answer != .tunnel {
            expect(.body, anew: false)
        } else {
            expect(.answer, anew: false)
        }
    }

    /// The deadline is over in the middle of an exchange.
    func timeOutWhilePassing() {
        if wait == .body { breakOff(.bodyTimedOut) } else { leave() }
    }

    /// Once per second: lets the exchange look at its deadlines.
    func tick() { passing?.exchange?.tick(at: loop.now) }
}
