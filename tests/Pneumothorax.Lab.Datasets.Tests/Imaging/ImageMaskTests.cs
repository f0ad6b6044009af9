using System.Globalization;
using System.Text.RegularExpressions;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Tests.Imaging;

public sealed class ImageMaskTests
{
    private const int Side = DatasetManifest.Side;

    [Fact]
    public void Pack_Always_KeepsEveryPixel()
    {
        foreach (var inside in Masks())
        {
            var mask = ImageMask.Of(inside)!;

            Assert.True(mask.Inside.SequenceEqual(ImageMask.Unpack(mask.Pack()).Inside));
            Assert.Equal(inside.Count(value => value), mask.Area);
        }
    }

    [Fact]
    public void Pack_OfOneBlob_IsAFewHundredBytes() => Assert.InRange(ImageMask.Of(Ellipse())!.Pack().Length, 50, 1000);

    [Theory]
    [InlineData(new byte[] { 0x80, 0x80, 0x05 })]        // longer than the image
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 3 })]
    public void Unpack_Damage_IsRefused(byte[] packed) => Assert.Throws<InvalidDataException>(() => ImageMask.Unpack(packed));

    [Fact]
    public void Outline_Always_EnclosesJustThePixelsInside()
    {
        foreach (var inside in Masks())
        {
            var edges = Edges(ImageMask.Of(inside)!.Outline());

            // From the left of a row, each upright edge that is met changes sides.
            for (var y = 0; y < Side; y++)
            {
                var here = false;
                for (var x = 0; x < Side; x++)
                {
                    here ^= edges.Contains((x, y));
                    Assert.Equal(inside[(y * Side) + x], here);
                }
            }
        }
    }

    [Fact]
    public void Of_APictureThatIsNotSquare_PutsTheMaskWhereThePictureGoes()
    {
        // 400 x 200 with its right half white, masked alike.
        var frame = new SquareFrame(400, 200);
        bool[] right = [.. Enumerable.Range(0, 400 * 200).Select(i => i % 400 >= 200)];
        var mask = ImageMask.Of(right, frame)!;
        var image = new byte[256 * 256];
        frame.ToImage([.. right.Select(value => (byte)(value ? 255 : 0))], image);

        Assert.Equal(new PixelBox(128, 64, 128, 128), mask.Box);
        Assert.Equal(mask.Box, frame.ToImage(new PixelBox(200, 0, 200, 200)));
        Assert.Equal(mask.Area, mask.Inside.ToArray().Zip(image).Count(pair => pair.First && pair.Second > 100));
        Assert.Equal(0, image[0]);
    }

    [Fact]
    public void Of_AThinLine_KeepsIt()
    {
        var line = new bool[1024 * 1024];
        line.AsSpan(500 * 1024, 400).Fill(true);

        var mask = ImageMask.Of(line, new SquareFrame(1024, 1024))!;

        Assert.Equal(new PixelBox(0, 125, 100, 1), mask.Box);
        Assert.Null(ImageMask.Of(new bool[1024 * 1024], new SquareFrame(1024, 1024)));
    }

    private static IEnumerable<bool[]> Masks()
    {
        yield return Ellipse();
        var one = new bool[Side * Side];
        one[0] = true;
        yield return one;
        var all = new bool[Side * Side];
        Array.Fill(all, true);
        yield return all;
        // Pixels that touch at corners alone, and holes.
        var random = new Random(3);
        yield return [.. Enumerable.Range(0, Side * Side).Select(_ => random.Next(2) == 0)];
    }

    private static bool[] Ellipse() => [.. Enumerable.Range(0, Side * Side).Select(i => Math.Pow(((i % Side) - 90) / 30.0, 2) + Math.Pow(((i / Side) - 120) / 60.0, 2) < 1)];

    private static HashSet<(int X, int Y)> Edges(string path)
    {
        HashSet<(int, int)> upright = [];
        foreach (var loop in path.Split('Z', StringSplitOptions.RemoveEmptyEntries))
        {
            var corners = Regex.Matches(loop, @"[ML](\d+) (\d+)").Select(match => (X: Number(match, 1), Y: Number(match, 2))).ToList();
            for (var i = 0; i < corners.Count; i++)
            {
                var (a, b) = (corners[i], corners[(i + 1) % corners.Count]);
                Assert.True(a.X == b.X ^ a.Y == b.Y, "an edge is neither upright nor level");
                for (var y = Math.Min(a.Y, b.Y); y < Math.Max(a.Y, b.Y); y++) Assert.True(upright.Add((a.X, y)), "an edge is walked twice");
            }
        }
        return upright;

        static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }
}
