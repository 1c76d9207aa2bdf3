import CachedRoutes
import HTTPTypes
import Logging
import NIOCore

extension MessageHandler {
    /// Finds the destination of a request and begins to serve it.
    func serve(_ exchange: HTTPExchange) {
        switch core.routes.destination(of: exchange.target, method: exchange.method) {
        case .route(let endpoint): serve(exchange, endpoint)
        case .health(.health): respond(core.service.health(), to: exchange)
        case .health(.ready): respondWithReadiness(to: exchange)
        case .options(let methods): respondWithOptions(methods, to: exchange)
        case .otherMethods(let methods):
            let method = exchange.method.rawValue
            respond(
                Problem(.methodNotAllowed, "This resource does not allow \(method).", allow: methods),
                to: exchange
            )
        case .nowhere: respond(Problem.notFound, to: exchange)
        case .refused(let response): respond(response, to: exchange)
        }
    }

    private func respond(_ problem: Problem, to exchange: HTTPExchange) {
        respond(problem.response(isHead: exchange.method == .head), to: exchange.number)
    }

    /// Responds with a response to GET.
    private func respond(_ response: RouteResponse, to exchange: HTTPExchange) {
        var response = response
        if exchange.method == .head { response.body = ByteBuffer() }
        respond(response, to: exchange.number)
    }

    private func respondWithReadiness(to exchange: HTTPExchange) {
        work(on: exchange.number) { [service = core.service] in
            await service.readiness()
        } completion: { handler, response in
            handler.respond(response, to: exchange)
        }
    }

    private func respondWithOptions(_ methods: String, to exchange: HTTPExchange) {
        let fields: HTTPFields = methods.isEmpty ? [:] : [.allow: methods]
        let isPreflight = exchange.fields.contains(.accessControlRequestMethod)
        respond(
            RouteResponse(status: .noContent, headerFields: fields),
            to: exchange.number,
            preflight: isPreflight ? methods : nil
        )
    }

    // MARK: - Routes

    private func serve(_ exchange: HTTPExchange, _ endpoint: ServerRoutes.Endpoint) {
        guard let eventLoop = context?.eventLoop else { return }
        self.exchange?.endpoint = endpoint
        let deadline = eventLoop.now + endpoint.route.timeout
        self.exchange?.deadline = deadline
        // The context first: clients without one may not send a body.
        guard let contextOf = endpoint.context else { return readBody(of: endpoint.route) }
        let request = ServerRequest(
            method: exchange.method,
            target: exchange.target.originForm,
            authority: exchange.authority,
            headerFields: exchange.fields,
            remoteAddress: remoteAddress(of: exchange)
        )
        let number = exchange.number
        self.exchange?.authenticationTimer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.authenticationIsLate(number)
        }
        work(on: number) { () -> Result<(any RouteContext)?, any Error> in
            do { return .success(try await contextOf(request)) } catch { return .failure(error) }
        } completion: { handler, result in
            handler.take(result, of: endpoint.route)
        }
    }

    private func take(_ result: Result<(any RouteContext)?, any Error>, of route: CompiledRoute) {
        guard let exchange, let timer = exchange.authenticationTimer else { return }
        timer.cancel()
        self.exchange?.authenticationTimer = nil
        switch result {
        case .success(let values?):
            self.exchange?.context = values
            readBody(of: route)
        case .success(nil): respond(of: route, body: route.route.write == nil ? nil : ByteBuffer())
        case .failure(let error): respond(core.service.engine.problem(forContext: error, of: route), to: exchange)
        }
    }

    private func authenticationIsLate(_ number: UInt64) {
        guard let exchange, exchange.number == number, let route = exchange.endpoint?.route else { return }
        endAuthentication(with: core.service.engine.problem(forLateContextOf: route))
    }

    /// Cancels the app's closure for context inputs, if it is under way, for a client that has disconnected.
    func giveUpAuthentication() { endAuthentication(with: .cancelled) }

    private func endAuthentication(with problem: Problem) {
        guard let exchange, let timer = exchange.authenticationTimer else { return }
        timer.cancel()
        exchange.task?.cancel()
        respond(problem, to: exchange)
    }

    /// Reads the body of a write, and responds to any other request.
    private func readBody(of route: CompiledRoute) {
        guard let limit = route.route.write?.maxRequestBody else { return respond(of: route, body: nil) }
        guard let context, let exchange else { return }
        if let length = exchange.contentLength, length > limit { return refuseBody(.isTooLarge(limit)) }
        writeContinue()
        let number = exchange.number
        let timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: exchange.deadline) {
            guard self.exchange?.number == number else { return }
            self.refuseBody(Problem(.requestTimeout, "The request body took too long to arrive."))
        }
        self.exchange?.body = .collecting(ByteBuffer(), limit: limit, timer: timer)
        sequence.wantsBody()
        run(context)
    }

    /// Takes a part of the body.
    func take(_ bytes: ByteBuffer) {
        guard case .collecting(var body, let limit, let timer) = exchange?.body else { return }
        guard body.readableBytes + bytes.readableBytes <= limit else { return refuseBody(.isTooLarge(limit)) }
        // So that the collected bytes have one owner, and are not copied.
        exchange?.body = .unread
        body.writeImmutableBuffer(bytes)
        exchange?.body = .collecting(body, limit: limit, timer: timer)
    }

    func bodyIsComplete() {
        guard case .collecting(let body, _, let timer) = exchange?.body, let route = exchange?.endpoint?.route else {
            return
        }
        timer.cancel()
        exchange?.body = .complete
        respond(of: route, body: body)
    }

    func bodyIsInterrupted() {
        guard case .collecting = exchange?.body else { return }
        refuseBody(Problem(.badRequest, "The request body could not be read."))
    }

    /// Refuses a body, the rest of which is not read (RFC 9110, 15.5.9 and 15.5.14).
    private func refuseBody(_ problem: Problem) {
        guard let exchange else { return }
        respond(problem.response(), to: exchange.number, endsConnection: true)
    }

    private func respond(of route: CompiledRoute, body: ByteBuffer?) {
        guard let exchange, let eventLoop = context?.eventLoop else { return }
        let request = RouteRequest(
            method: exchange.method,
            target: exchange.target.originForm,
            headerFields: exchange.fields,
            body: body,
            client: presence
        )
        let (number, values, deadline) = (exchange.number, exchange.context, exchange.deadline)
        let engine = core.service.engine
        guard route.route.write == nil else {
            return work(on: number) {
                await engine.respond(
                    to: request,
                    of: route,
                    context: values,
                    after: nil,
                    deadline: deadline,
                    on: eventLoop
                )
            } completion: { handler, response in
                handler.respond(response, to: number)
            }
        }
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        engine.respond(to: request, of: route, context: values, deadline: deadline, on: eventLoop) { response in
            handler.value.respond(response, to: number)
        }
    }

    // MARK: - Tasks

    /// Runs `body` in a task, and `completion` with its result on the event loop, unless the request has been answered
    /// meanwhile.
    private func work<Value: Sendable>(
        on number: UInt64,
        _ body: @escaping @Sendable () async -> Value,
        completion: @escaping @Sendable (MessageHandler, Value) -> Void
    ) {
        guard let eventLoop = context?.eventLoop else { return }
        let handler = NIOLoopBound(self, eventLoop: eventLoop)
        exchange?.task = core.tasks.start {
            let value = await body()
            eventLoop.execute {
                let handler = handler.value
                guard handler.exchange?.number == number else { return }
                handler.exchange?.task = nil
                completion(handler, value)
            }
        }
    }
}

extension Problem {
    fileprivate static func isTooLarge(_ limit: Int) -> Problem {
        Problem(.contentTooLarge, "The request body has more than \(limit) bytes.")
    }
}
