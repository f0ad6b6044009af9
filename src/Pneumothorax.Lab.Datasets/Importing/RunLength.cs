using System.Globalization;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>
/// Masks as SIIM-ACR writes them: pairs of numbers, so many pixels outside and then so many inside, counted from the end of the run before,
/// down the first column of the picture, then down the second.
/// </summary>
internal static class RunLength
{
    /// <summary>What stands for "no pneumothorax".</summary>
    public const string Nothing = "-1";

    /// <summary>Adds the runs of a text to a mask.</summary>
    /// <param name="inside">width x height, row by row.</param>
    /// <exception cref="InvalidDataException">The text holds other things than pairs of numbers, or reaches beyond the picture; the message is a few words.</exception>
    public static void Add(string text, int width, int height, Span<bool> inside)
    {
        long at = 0, size = (long)width * height;
        var start = true;
        foreach (var range in text.AsSpan().Split(' '))
        {
            var word = text.AsSpan()[range].Trim();
            if (word.IsEmpty) continue;
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw new InvalidDataException($"contains \"{(word.Length > 20 ? word[..20] : word)}\", which is not a number of pixels");
            if (at + number > size) throw new InvalidDataException($"reaches beyond its {width} x {height} pixels");
            if (!start)
            {
                for (var place = at; place < at + number; place++) inside[(int)((place % height * width) + (place / height))] = true;
            }
            at += number;
            start = !start;
        }
        if (!start) throw new InvalidDataException("ends in the middle of a pair of numbers");
    }
}
