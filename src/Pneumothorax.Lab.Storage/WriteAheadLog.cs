using System.Buffers.Binary;

namespace Pneumothorax.Lab.Storage;

/// <summary>
/// SQLite's write-ahead log, read before SQLite does: it would take what is whole at the beginning, leave out the rest, and say nothing.
/// </summary>
/// <remarks>The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log</remarks>
internal static class WriteAheadLog
{
    private const int HeaderBytes = 32, FrameHeaderBytes = 24;
    private const uint Magic = 0x377F0682;      // its last bit says whether checksums are of big-endian words

    /// <summary>What SQLite will make of it.</summary>
    /// <param name="WholeBytes">As far as it is whole.</param>
    /// <param name="IsCutShort">The last change was being written when its program ended: nobody was told that it was kept.</param>
    /// <param name="LostChanges">Changes that are whole and come after damage, so SQLite would drop them; null for a log without damage.</param>
    public sealed record Reading(long WholeBytes, bool IsCutShort, int? LostChanges);

    /// <returns>Null where there is none, or nothing in it.</returns>
    public static Reading? Read(string path)
    {
        if (!File.Exists(path)) return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var header = new byte[HeaderBytes];
        var got = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        if (got == 0) return null;
        if (got < HeaderBytes) return new(0, IsCutShort: true, LostChanges: null);

        var magic = Word(header, 0);
        var sum = new Checksum(isBigEndian: (magic & 1) == 1);
        sum.Add(header.AsSpan(0, 24));
        var page = Word(header, 8) is 1 ? 65536 : (int)Word(header, 8);
        if ((magic & ~1u) != Magic || page is < 512 or > 65536 || !int.IsPow2(page) || !sum.Equals(header.AsSpan(24)))
            return new(0, IsCutShort: false, LostChanges: file.Length > HeaderBytes ? 1 : null);

        var frame = new byte[FrameHeaderBytes + page];
        long whole = HeaderBytes;
        var (isWhole, isCut, framesAfter, changesAfter) = (true, false, 0, 0);
        while (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) is > 0 and var length)
        {
            // Frames of another salt are of an earlier round: the file is written from its beginning again and again.
            var isOfThisRound = length >= FrameHeaderBytes && frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8));
            if (length < frame.Length)
            {
                isCut |= isOfThisRound && isWhole;
                break;
            }
            if (isWhole)
            {
                sum.Add(frame.AsSpan(0, 8));
                sum.Add(frame.AsSpan(FrameHeaderBytes));
                isWhole = isOfThisRound && sum.Equals(frame.AsSpan(16));
                if (isWhole) whole += frame.Length;
                else isCut = isOfThisRound;
            }
            else if (isOfThisRound)
            {
                framesAfter++;
                if (Word(frame, 4) > 0) changesAfter++;     // the last frame of a change holds the size of the database
            }
        }
        // A program that is killed leaves its frames written from the front: after one that is not whole there is no other.
        return framesAfter > 0 ? new(whole, IsCutShort: false, Math.Max(1, changesAfter)) : new(whole, isCut, LostChanges: null);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private struct Checksum(bool isBigEndian)
    {
        private uint _first, _second;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            for (var at = 0; at < bytes.Length; at += 8)
            {
                var (one, two) = isBigEndian
                    ? (BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]))
                    : (BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]));
                _first += one + _second;
                _second += two + _first;
            }
        }

        public readonly bool Equals(ReadOnlySpan<byte> stored) => Word(stored, 0) == _first && Word(stored, 4) == _second;
    }
}
