using System.Globalization;
using System.Text;

namespace Pneumothorax.Lab.Datasets.Imaging;

/// <summary>Which pixels of a 256 x 256 image show the pneumothorax: at least one of them does.</summary>
public sealed class ImageMask
{
    private const int Side = DatasetManifest.Side;

    private readonly bool[] _inside;

    private ImageMask(bool[] inside)
    {
        _inside = inside;
        int left = Side, top = Side, right = 0, bottom = 0;
        for (var i = 0; i < inside.Length; i++)
        {
            if (!inside[i]) continue;
            Area++;
            int x = i % Side, y = i / Side;
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x + 1), Math.Min(top, y), Math.Max(bottom, y + 1));
        }
        Box = new(left, top, right - left, bottom - top);
    }

    /// <summary>256 x 256, row by row.</summary>
    public ReadOnlySpan<bool> Inside => _inside;

    /// <summary>Pixels inside.</summary>
    public int Area { get; }

    /// <summary>The smallest box around them.</summary>
    public PixelBox Box { get; }

    /// <param name="inside">256 x 256, row by row.</param>
    /// <returns>Null for an empty mask.</returns>
    public static ImageMask? Of(ReadOnlySpan<bool> inside)
    {
        if (inside.Length != Side * Side) throw new ArgumentException($"A mask has {Side * Side} pixels here, not {inside.Length}.");
        return inside.Contains(true) ? new(inside.ToArray()) : null;
    }

    /// <summary>
    /// Brings the mask of a picture to 256 x 256 as <see cref="SquareFrame"/> brings the picture. A pixel is inside when at least half of it is;
    /// where that leaves nothing of a thin mask, when any of it is.
    /// </summary>
    /// <param name="inside">As many values as the frame's picture has, row by row.</param>
    /// <returns>Null for an empty mask.</returns>
    public static ImageMask? Of(ReadOnlySpan<bool> inside, SquareFrame frame)
    {
        var shares = frame.ToImage(inside);
        var half = new bool[shares.Length];
        var any = new bool[shares.Length];
        for (var i = 0; i < shares.Length; i++) (half[i], any[i]) = (shares[i] >= 0.5f, shares[i] > 0);
        return Of(half) ?? Of(any);
    }

    /// <returns>Lengths of runs row by row, the first one outside, then inside and outside in turns; seven bits a byte, the lowest first. A few hundred bytes.</returns>
    internal byte[] Pack()
    {
        List<byte> bytes = [];
        for (int start = 0, turn = 0; start < _inside.Length; turn++)
        {
            var end = start;
            while (end < _inside.Length && _inside[end] == (turn % 2 == 1)) end++;
            var length = (uint)(end - start);
            for (; length >= 0x80; length >>= 7) bytes.Add((byte)(length | 0x80));
            bytes.Add((byte)length);
            start = end;
        }
        return [.. bytes];
    }

    /// <exception cref="InvalidDataException">Not what <see cref="Pack"/> gives.</exception>
    internal static ImageMask Unpack(ReadOnlySpan<byte> packed)
    {
        var inside = new bool[Side * Side];
        int at = 0, turn = 0;
        for (var i = 0; i < packed.Length; turn++)
        {
            var length = 0;
            for (var shift = 0; ; shift += 7)
            {
                if (i == packed.Length || shift > 21) throw new InvalidDataException("A mask is inconsistent.");
                length |= (packed[i] & 0x7f) << shift;
                if (packed[i++] < 0x80) break;
            }
            if (length > inside.Length - at) throw new InvalidDataException("A mask is inconsistent.");
            if (turn % 2 == 1) inside.AsSpan(at, length).Fill(true);
            at += length;
        }
        return Of(inside) ?? throw new InvalidDataException("A mask is empty.");
    }

    /// <summary>The border between inside and outside as an SVG path in pixels of the image: each closed line is walked with the inside on its right.</summary>
    public string Outline()
    {
        // Every edge of a pixel between inside and outside, by the corner where it begins; at a corner that two pixels share, two begin.
        var edges = new Dictionary<(int X, int Y), List<(int X, int Y)>>();
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                if (!At(x, y)) continue;
                if (!At(x, y - 1)) Add((x, y), (x + 1, y));
                if (!At(x + 1, y)) Add((x + 1, y), (x + 1, y + 1));
                if (!At(x, y + 1)) Add((x + 1, y + 1), (x, y + 1));
                if (!At(x - 1, y)) Add((x, y + 1), (x, y));
            }
        }
        var path = new StringBuilder();
        while (edges.Count > 0)
        {
            var first = edges.First().Key;
            var (from, to) = (first, Take(first));
            path.Append(CultureInfo.InvariantCulture, $"M{first.X} {first.Y}");
            while (to != first)
            {
                var next = Take(to);
                // Straight on: the corner says nothing.
                if (next.X - to.X != to.X - from.X || next.Y - to.Y != to.Y - from.Y) path.Append(CultureInfo.InvariantCulture, $"L{to.X} {to.Y}");
                (from, to) = (to, next);
            }
            path.Append('Z');
        }
        return path.ToString();

        bool At(int x, int y) => (uint)x < Side && (uint)y < Side && _inside[(y * Side) + x];

        void Add((int, int) start, (int, int) end)
        {
            if (!edges.TryGetValue(start, out var list)) edges[start] = list = [];
            list.Add(end);
        }

        (int X, int Y) Take((int, int) start)
        {
            var list = edges[start];
            var end = list[^1];
            list.RemoveAt(list.Count - 1);
            if (list.Count == 0) edges.Remove(start);
            return end;
        }
    }
}
