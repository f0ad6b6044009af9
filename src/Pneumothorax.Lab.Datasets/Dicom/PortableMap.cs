using System.Globalization;
using Pneumothorax.Lab.Datasets.Imaging;

namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>Binary PGM and PPM, as DCMTK writes them.</summary>
internal static class PortableMap
{
    /// <returns>width x height grey values; colours become luminance.</returns>
    /// <exception cref="InvalidDataException">Not such a picture, or cut short.</exception>
    public static (byte[] Pixels, int Width, int Height) ReadGrey(ReadOnlySpan<byte> file)
    {
        var at = 0;
        var kind = Word(file, ref at);
        int width = Number(file, ref at), height = Number(file, ref at), most = Number(file, ref at);
        at++;       // one white space before the pixels
        if (kind is not ("P5" or "P6") || width < 1 || height < 1 || most != 255) throw new InvalidDataException($"gives a picture of kind {kind} with values up to {most}");
        var samples = kind == "P6" ? 3 : 1;
        if (file.Length - at < (long)width * height * samples) throw new InvalidDataException("gives fewer pixels than it declares");

        var pixels = file.Slice(at, width * height * samples);
        return (samples == 1 ? pixels.ToArray() : ImageCodec.Luminance(pixels), width, height);
    }

    public static int Number(ReadOnlySpan<byte> file, ref int at) =>
        int.TryParse(Word(file, ref at), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static string Word(ReadOnlySpan<byte> file, ref int at)
    {
        while (at < file.Length && (file[at] <= ' ' || file[at] == '#'))
        {
            if (file[at] == '#') while (at < file.Length && file[at] != '\n') at++;
            else at++;
        }
        var start = at;
        while (at < file.Length && file[at] > ' ' && at - start < 16) at++;
        return System.Text.Encoding.ASCII.GetString(file[start..at]);
    }
}
