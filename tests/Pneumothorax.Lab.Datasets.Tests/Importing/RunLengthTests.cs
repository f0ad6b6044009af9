using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Pneumothorax.Lab.Datasets.Imaging;
using Pneumothorax.Lab.Datasets.Importing;

namespace Pneumothorax.Lab.Datasets.Tests.Importing;

public sealed class RunLengthTests
{
    private static readonly JsonElement s_reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Importing", "masks.json"))).RootElement;

    [Fact]
    public void Add_SeveralTexts_GivesTheUnionThatNumpyDoes()
    {
        foreach (var one in s_reference.GetProperty("small").EnumerateArray())
        {
            int width = one.GetProperty("width").GetInt32(), height = one.GetProperty("height").GetInt32();
            var inside = new bool[width * height];

            foreach (var text in one.GetProperty("texts").EnumerateArray()) RunLength.Add(text.GetString()!, width, height, inside);

            Assert.Equal(one.GetProperty("inside").GetString(), string.Concat(inside.Select(value => value ? '1' : '0')));
        }
    }

    [Fact]
    public void Mask_OfAFullSizedPicture_IsThatOfNumpysMeans()
    {
        var large = s_reference.GetProperty("large");
        var inside = new bool[1024 * 1024];
        foreach (var text in large.GetProperty("texts").EnumerateArray()) RunLength.Add(text.GetString()!, 1024, 1024, inside);

        var mask = ImageMask.Of(inside, new SquareFrame(1024, 1024))!;

        Assert.Equal(large.GetProperty("area").GetInt32(), mask.Area);
        Assert.Equal(large.GetProperty("sum").GetDouble(), new SquareFrame(1024, 1024).ToImage(inside).Sum(share => (double)share), 3);
        double[] box = [.. large.GetProperty("box").EnumerateArray().Select(edge => edge.GetDouble())];
        Assert.Equal(new PixelBox(box[0], box[1], box[2] - box[0], box[3] - box[1]), mask.Box);
    }

    [Property]
    public Property WhatWasEncoded_IsDecoded() => Prop.ForAll(
        ArbMap.Default.ArbFor<bool[]>(), ArbMap.Default.ArbFor<byte>(), (values, bent) =>
        {
            var width = 1 + bent % Math.Max(1, values.Length);
            var height = values.Length / width;
            bool[] mask = [.. values.Take(width * height)];
            if (!mask.Contains(true)) return true;

            var decoded = new bool[mask.Length];
            RunLength.Add(Encode(mask, width, height), width, height, decoded);
            return mask.SequenceEqual(decoded);
        });

    [Theory]
    [InlineData("1 2 x 4", "contains \"x\", which is not a number of pixels")]
    [InlineData("-1", "contains \"-1\", which is not a number of pixels")]
    [InlineData("1 2 3", "ends in the middle of a pair of numbers")]
    [InlineData("5 8", "reaches beyond its 4 x 3 pixels")]
    [InlineData("2000000000 2000000000", "reaches beyond its 4 x 3 pixels")]
    public void Add_WhatCannotBe_IsRefusedInAFewWords(string text, string words) =>
        Assert.Equal(words, Assert.Throws<InvalidDataException>(() => RunLength.Add(text, 4, 3, new bool[12])).Message);

    /// <summary>As SIIM's tables are written: down the columns, each start counted from the end before.</summary>
    internal static string Encode(bool[] mask, int width, int height)
    {
        List<int> runs = [0];
        var inside = false;
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
            {
                if (mask[(y * width) + x] != inside)
                {
                    inside = !inside;
                    runs.Add(0);
                }
                runs[^1]++;
            }
        }
        if (!inside) runs.RemoveAt(runs.Count - 1);         // what lies outside at the end is not written
        return string.Join(' ', runs);
    }
}
