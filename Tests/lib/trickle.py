"""A proxy on loopback whose server says so many bytes a second on each connection, from SIGUSR1 on.

    trickle.py PORT SERVER_PORT BYTES_PER_SECOND
"""

import asyncio
import signal
import sys

port, server_port, rate = (int(argument) for argument in sys.argv[1:4])
is_slow = False
# A part of what comes is given on at a time.
PAUSE = 0.005


def slow_down() -> None:
    global is_slow
    is_slow = True


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, may_be_slow: bool) -> None:
    try:
        while data := await reader.read(65536):
            while data:
                part = max(1, int(rate * PAUSE)) if may_be_slow and is_slow else len(data)
                writer.write(data[:part])
                await writer.drain()
                if may_be_slow and is_slow:
                    await asyncio.sleep(PAUSE)
                data = data[part:]
    except (ConnectionError, OSError):
        pass
    finally:
        writer.close()


async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", server_port)
    except OSError:
        writer.close()
        return
    await asyncio.gather(
        pass_on(reader, server_writer, may_be_slow=False),
        pass_on(server_reader, writer, may_be_slow=True),
    )


async def main() -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, slow_down)
    server = await asyncio.start_server(connected, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


asyncio.run(main())
