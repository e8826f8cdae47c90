"""Shortest augmenting paths with whole-number prices: plain loops that numba can compile.

Every change keeps complementary slackness on the arcs (Ahuja, Magnanti & Orlin, Network Flows,
1993, chapter 9): a taken arc is worth at least the prices at its ends, any other at most that.
What remains is to fill, or to bring down to its lowest price, each node that is priced but has
room. A path may end at a node with room, or push out a node that leaves for its own price.
"""

from __future__ import annotations

from matchmaker.engine.core.state import Pairing, Search, Side, Vector

FAR = 2**62
WAYS = 4  # children of a node of the heap


def fill(side: Side, pairing: Pairing, search: Search) -> int:
    """Settle every node of the looking side; the number of searches it took."""
    searches = 0
    for node in range(len(side.room)):
        while pairing.count[node] < side.room[node] and pairing.price[node] > side.least[node]:
            end, reach, size = _nearest(side, pairing, search, node)
            _reprice(pairing, search, reach, size)
            if end != node:
                _move(pairing, search, node, end)
            searches += 1
    return searches


def _nearest(side: Side, pairing: Pairing, search: Search, source: int) -> tuple[int, int, int]:
    """The cheapest place for one more unit at ``source``: where the path ends, its length, and how
    many nodes were reached (Dijkstra, stopped as soon as the end is known)."""
    start, other, value, least = side.start, side.other, side.value, side.least
    taken, price, other_price = pairing.taken, pairing.price, pairing.other_price
    first, held, owner, holders = pairing.first, pairing.held, pairing.owner, pairing.holders
    distance, via, before, ready = search.distance, search.via, search.before, search.ready
    n = len(side.room)
    end, reach = source, price[source] - least[source]
    distance[source] = 0
    search.reached[0] = source
    ready[0] = source
    size, waiting, heap, now = 1, 1, 0, 0
    while True:
        if waiting > 0:
            waiting -= 1
            node = ready[waiting]
        elif heap > 0:
            node = search.heap[0]
            heap = _pop(search, heap)
            now = distance[node]
        else:
            break
        if now >= reach:
            break
        if node < n:
            base = now + price[node]
            for arc in range(start[node], start[node + 1]):
                column = other[arc]
                length = base + other_price[column] - value[arc]
                if length < reach and taken[arc] == 0 and length < distance[n + column]:
                    if distance[n + column] == FAR:
                        search.reached[size] = n + column
                        size += 1
                    distance[n + column] = length
                    via[n + column] = arc
                    before[n + column] = node
                    if first[column] + holders[column] < first[column + 1]:
                        end, reach = n + column, length
                    elif length == now and search.place[n + column] < 0:
                        ready[waiting] = n + column
                        waiting += 1
                    else:
                        heap = _push(search, n + column, heap)
        else:
            base = now - other_price[node - n]
            for slot in range(first[node - n], first[node - n] + holders[node - n]):
                row = owner[slot]
                length = base + value[held[slot]] - price[row]
                if length < reach and length < distance[row]:
                    if distance[row] == FAR:
                        search.reached[size] = row
                        size += 1
                    distance[row] = length
                    via[row] = slot
                    before[row] = node
                    if length + price[row] - least[row] < reach:
                        end, reach = row, length + price[row] - least[row]
                    if length == now and search.place[row] < 0:
                        ready[waiting] = row
                        waiting += 1
                    else:
                        heap = _push(search, row, heap)
    for at in range(heap):
        search.place[search.heap[at]] = -1
    return end, reach, size


def _push(search: Search, node: int, size: int) -> int:
    """Put a node into the heap, or move it up; the new size."""
    heap, place, distance = search.heap, search.place, search.distance
    at = place[node]
    if at < 0:
        at = size
        size += 1
    length = distance[node]
    while at > 0:
        above = (at - 1) // WAYS
        if distance[heap[above]] <= length:
            break
        heap[at] = heap[above]
        place[heap[at]] = at
        at = above
    heap[at] = node
    place[node] = at
    return size


def _pop(search: Search, size: int) -> int:
    """Take the nearest node out of the heap; the new size."""
    heap, place, distance = search.heap, search.place, search.distance
    place[heap[0]] = -1
    size -= 1
    if size == 0:
        return 0
    node = heap[size]
    length = distance[node]
    at = 0
    while True:
        child = WAYS * at + 1
        if child >= size:
            break
        for rival in range(child + 1, min(child + WAYS, size)):
            if distance[heap[rival]] < distance[heap[child]]:
                child = rival
        if distance[heap[child]] >= length:
            break
        heap[at] = heap[child]
        place[heap[at]] = at
        at = child
    heap[at] = node
    place[node] = at
    return size


def _reprice(pairing: Pairing, search: Search, reach: int, size: int) -> None:
    """Bring the reached nodes to the prices at which the path costs nothing; forget distances."""
    n = len(pairing.price)
    for at in range(size):
        node = search.reached[at]
        nearer = reach - search.distance[node]
        search.distance[node] = FAR
        if nearer > 0:
            if node < n:
                pairing.price[node] -= nearer
            else:
                pairing.other_price[node - n] += nearer


def lower(side: Side, pairing: Pairing, search: Search) -> None:
    """Of all prices that prove this pairing best, the lowest of the other side, and with them the
    highest of the looking side: one search from everything whose price cannot move further."""
    distance, ready = search.distance, search.ready
    n = len(side.room)
    waiting, heap, now = 0, 0, 0
    for node in range(n + len(pairing.other_price)):
        if node >= n:
            distance[node] = pairing.other_price[node - n]
        elif pairing.count[node] < side.room[node]:
            distance[node] = 0
        if distance[node] == 0:
            ready[waiting] = node
            waiting += 1
        elif node >= n:
            heap = _push(search, node, heap)
    while waiting > 0 or heap > 0:
        if waiting > 0:
            waiting -= 1
            node = ready[waiting]
        else:
            node = search.heap[0]
            heap = _pop(search, heap)
            now = distance[node]
        row_first = node < n
        begin = side.start[node] if row_first else pairing.first[node - n]
        stop = side.start[node + 1] if row_first else begin + pairing.holders[node - n]
        for at in range(begin, stop):
            arc = at if row_first else pairing.held[at]
            if row_first and pairing.taken[arc] == 1:
                continue
            row = node if row_first else pairing.owner[at]
            column = side.other[arc]
            beyond = side.value[arc] - pairing.price[row] - pairing.other_price[column]
            reached = n + column if row_first else row
            length = now + abs(beyond)
            if length < distance[reached]:
                distance[reached] = length
                if length == now and search.place[reached] < 0:
                    ready[waiting] = reached
                    waiting += 1
                else:
                    heap = _push(search, reached, heap)
    for node in range(n):
        pairing.price[node] += distance[node]
    for column in range(len(pairing.other_price)):
        pairing.other_price[column] -= distance[n + column]


def turn(side: Side, free: Vector, order: Vector, node_of: Vector, value: Vector) -> None:
    """The arcs by their other end: where each stood, its node and its value. ``free``: where the
    arcs of each node of the other side begin; where they end, afterwards."""
    for node in range(len(side.room)):
        for arc in range(side.start[node], side.start[node + 1]):
            at = free[side.other[arc]]
            free[side.other[arc]] = at + 1
            order[at] = arc
            node_of[at] = node
            value[at] = side.value[arc]


def _move(pairing: Pairing, search: Search, source: int, end: int) -> None:
    """Take and release the arcs of the path that ends at ``end``, from its end backwards."""
    n = len(pairing.price)
    if end < n:
        column, slot = search.before[end], search.via[end]
        pairing.count[end] -= 1
        pairing.taken[pairing.held[slot]] = 0
    else:
        column = end
        slot = pairing.first[end - n] + pairing.holders[end - n]
        pairing.holders[end - n] += 1
    while True:
        arc, row = search.via[column], search.before[column]
        pairing.held[slot] = arc
        pairing.owner[slot] = row
        pairing.taken[arc] = 1
        if row == source:
            break
        column, slot = search.before[row], search.via[row]
        pairing.taken[pairing.held[slot]] = 0
    pairing.count[source] += 1


def bid(side: Side, pairing: Pairing, ask: Vector, queue: Vector, step: int, most: int) -> int:
    """Pair by auction: each node in turn offers for its best partner what that one is worth to it
    beyond the next best, plus ``step``, and may push out the lowest offer (Bertsekas, 1988).
    ``ask`` holds the offers by slot. At most ``most`` offers; their number."""
    count, first, holders = pairing.count, pairing.first, pairing.holders
    other_price = pairing.other_price
    waiting = 0
    for node in range(len(side.room) - 1, -1, -1):
        if count[node] < side.room[node]:
            queue[waiting] = node
            waiting += 1
    bids = 0
    while waiting > 0 and bids < most:
        node = queue[waiting - 1]
        arc, gain = _offer(side, pairing, node)
        column = side.other[arc] if arc >= 0 else 0
        full = arc >= 0 and first[column] + holders[column] == first[column + 1]
        if arc < 0 or (full and gain + step == 0):
            waiting -= 1
            continue
        bids += 1
        slot = first[column] + holders[column]
        if full:
            slot = _cheapest(pairing, ask, column)
            loser = pairing.owner[slot]
            pairing.taken[pairing.held[slot]] = 0
            count[loser] -= 1
            if count[loser] < side.room[loser] - 1:
                loser = -1  # waits already
        else:
            loser = -1
            holders[column] += 1
        pairing.held[slot] = arc
        pairing.owner[slot] = node
        pairing.taken[arc] = 1
        ask[slot] = other_price[column] + gain + step
        if first[column] + holders[column] == first[column + 1]:
            other_price[column] = ask[_cheapest(pairing, ask, column)]
        count[node] += 1
        if count[node] == side.room[node]:
            waiting -= 1
        if loser >= 0:
            queue[waiting] = loser
            waiting += 1
    return bids


def bear_out(side: Side, pairing: Pairing) -> None:
    """The prices at which no arc outside the pairing is too good; what they do not bear is
    released (its slot stays: the pairing is only good for reading ``taken`` and the prices)."""
    for node in range(len(side.room)):
        best = side.least[node]
        for arc in range(side.start[node], side.start[node + 1]):
            worth = side.value[arc] - pairing.other_price[side.other[arc]]
            if worth > best and pairing.taken[arc] == 0:
                best = worth
        pairing.price[node] = best
        for arc in range(side.start[node], side.start[node + 1]):
            worth = side.value[arc] - pairing.other_price[side.other[arc]]
            if worth < best and pairing.taken[arc] == 1:
                pairing.taken[arc] = 0


def _offer(side: Side, pairing: Pairing, node: int) -> tuple[int, int]:
    """The best arc that a node does not hold yet (-1: none is worth its price) and by how much it
    is better than the next best. Of equals, one at a partner with room."""
    first, holders = pairing.first, pairing.holders
    least = side.least[node]
    best, arc, second, roomy = least, -1, least, False
    for rival in range(side.start[node], side.start[node + 1]):
        column = side.other[rival]
        worth = side.value[rival] - pairing.other_price[column]
        if worth < second or worth == least or pairing.taken[rival] == 1:
            continue
        if worth < best:
            second = worth
            continue
        room = first[column] + holders[column] < first[column + 1]
        if worth > best or (room and not roomy):
            best, arc, second, roomy = worth, rival, best, room
        else:
            second = worth
    return arc, best - second


def _cheapest(pairing: Pairing, ask: Vector, column: int) -> int:
    """The slot of a full node with the lowest offer."""
    found: int = pairing.first[column]
    for slot in range(found + 1, pairing.first[column + 1]):
        if ask[slot] < ask[found]:
            found = slot
    return found
