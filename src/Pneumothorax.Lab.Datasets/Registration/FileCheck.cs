using Pneumothorax.Lab.Datasets.Hdf5;

namespace Pneumothorax.Lab.Datasets.Registration;

/// <summary>What a file holds, once every value of it has been read.</summary>
/// <param name="Type">Type of the stored pixels, such as "uint8".</param>
/// <param name="Flat">Images of a single grey value; they teach nothing.</param>
/// <param name="Masks">Images with a mask of the pneumothorax.</param>
/// <param name="Darkest">Smallest grey value of all images.</param>
/// <param name="Brightest">Largest grey value of all images.</param>
public sealed record FileFacts(int Images, int Positives, int Height, int Width, string Type, int Flat, int Masks, byte Darkest, byte Brightest)
{
    /// <summary>Chest X-rays use nearly all of the 256 grey values. Fewer than these speak for numbers that were scaled on the way.</summary>
    private const int FewGreyValues = 64;

    /// <summary>What is odd about the range of grey values, as a sentence; null when nothing is.</summary>
    public string? RangeNote => NoteRange(Darkest, Brightest);

    internal static string? NoteRange(byte darkest, byte brightest) => brightest - darkest >= FewGreyValues
        ? null
        : $"all pixels are between {darkest} and {brightest}, on a scale from 0 (black) to 255 (white): if the values were scaled, write them as 0 to 255";

    public bool NeedsResampling => Height != DatasetManifest.Side || Width != DatasetManifest.Side;
}

/// <summary>Reads a file in the exercise's format from end to end without registering it.</summary>
public static class FileCheck
{
    /// <exception cref="InvalidDataException">One line that names file, data set and reason.</exception>
    public static FileFacts Read(string path, IProgress<DataProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var images = Hdf5Images.Open(path);
        var flat = 0;
        images.Read(
            (_, grey) => flat += grey.ContainsAnyExcept(grey[0]) ? 0 : 1,
            progress is null ? null : new SynchronousProgress(share => progress.Report(new($"Reading {Path.GetFileName(path)}", share))),
            cancellationToken);
        var masks = 0;
        images.ReadMasks((_, _) => masks++, progress: null, cancellationToken);
        return new(images.Count, images.Positives, images.Height, images.Width, images.TypeName, flat, masks, images.Range.Darkest, images.Range.Brightest);
    }
}
