namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>One DICOM file to grey values, as a person would see them.</summary>
/// <param name="tags">Its header, as <see cref="DicomReader.ReadTags"/> gives it.</param>
internal sealed class DicomRendering(string path, DicomTags tags, CancellationToken cancellationToken)
{
    private const long MostPixels = 64L << 20;

    /// <summary>Grey values between the darkest and the brightest pixel; some files keep a window that has nothing to do with their pixels.</summary>
    private const int LeastContrast = 32;

    private readonly string _file = Path.GetFullPath(path);
    private readonly List<string> _warnings = [];

    internal static bool IsTooLarge(int width, int height) => (long)width * height > MostPixels;

    /// <param name="checkSize">Throws for a width and height that are refused.</param>
    /// <returns>Its first frame, through its own window or table of grey values if it has one, else over the range that is used.</returns>
    /// <exception cref="InvalidDataException">It cannot be read; the message is one line of what is wrong, without the path.</exception>
    public DicomPicture Render(Action<int, int>? checkSize = null)
    {
        if (!tags.HasPixels) throw new InvalidDataException($"The file has no pixels{(tags.Modality is { } modality ? $": its modality is {modality}" : "")}.");
        var (width, height) = (tags.Columns!.Value, tags.Rows!.Value);
        if (IsTooLarge(width, height)) throw new InvalidDataException($"The picture is {width} x {height}; at most 64 megapixels are read.");
        checkSize?.Invoke(width, height);
        if (tags.IsGrey && tags.BitsStored == 1) throw new InvalidDataException("The file's pixels have one bit each: they are black or white, but an X-ray is grey.");
        var program = ProgramFor(tags.TransferSyntax);
        var layout = DicomLayout.Of(path);
        CheckSizes(layout);

        _warnings.AddRange(HeaderWarnings(tags));
        if (IsShapeContradicting) _warnings.Add($"{tags.Photometric} and the shape {tags.Shape} of its presentation table contradict each other; {tags.Photometric} is used");
        var pixels = Grey(program, layout);
        if (Span(pixels, 0) is 0) _warnings.Add("it has only a single grey value");
        else if (tags.IsGrey && Span(pixels, 200) is var span and < LeastContrast) _warnings.Add($"nearly all of it is within {span} of 256 grey values");
        return new(pixels, width, height, tags, _warnings);
    }

    /// <summary>What the header alone gives reason to warn of.</summary>
    internal static List<string> HeaderWarnings(DicomTags tags)
    {
        List<string> warnings = [];
        if (tags.Modality is { } modality && modality is not ("CR" or "DX" or "DR" or "RG" or "RF")) warnings.Add($"modality {modality}, not an X-ray");
        if (tags.BodyPart is { } part && !IsChest(part)) warnings.Add($"body part {part}, not the chest");
        if (tags.View is "LL" or "RL" or "LLD" or "RLD" or "LATERAL" or "LAT") warnings.Add($"view {tags.View}: taken from the side, not from the front");
        if (!tags.IsGrey) warnings.Add($"in colour ({tags.Photometric}); its luminance is used");
        if (tags.Frames > 1) warnings.Add($"{tags.Frames} frames; the first is used");
        if (Math.Min(tags.Columns!.Value, tags.Rows!.Value) < DatasetManifest.Side) warnings.Add($"only {tags.Columns} x {tags.Rows} pixels");
        return warnings;

        static bool IsChest(string part) => ((string[])["CHEST", "THORAX", "LUNG", "RIB"]).Any(word => part.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    // The least value of MONOCHROME1 is white, which this shape says to be black, or the other way round.
    private bool IsShapeContradicting => tags is { Photometric: "MONOCHROME1", Shape: "IDENTITY" } or { Photometric: "MONOCHROME2", Shape: "INVERSE" };

    /// <summary>What a header declares, and what is there: a picture of another size would be shown in strips, or not at all.</summary>
    private void CheckSizes(DicomLayout layout)
    {
        var (width, height) = (tags.Columns!.Value, tags.Rows!.Value);
        if (layout.StreamSize is { } size && size != (width, height))
            throw new InvalidDataException($"The file declares {width} x {height} pixels, but the JPEG picture in it has {size.Width} x {size.Height}.");
        if (layout.PixelBytes == 0 || !(tags.IsPlain || tags.TransferSyntax is DicomLayout.Deflated)) return;

        // DCMTK fills up with black.
        if (layout.PixelBytes < tags.FrameBytes) throw new InvalidDataException($"The file is cut short: it is too small for the {width} x {height} pixels that it declares.");
        if (!tags.IsGrey && tags.Photometric is not "RGB") return;
        var declared = tags.FrameBytes * Math.Max(1, tags.Frames);
        if (layout.PixelBytes >= 2 * declared)
            throw new InvalidDataException(FormattableString.Invariant($"The file declares {width} x {height} pixels, which need {declared:#,##0} bytes, but has {layout.PixelBytes:#,##0} bytes of pixels."));
        if (layout.PixelBytes > declared + 1) _warnings.Add(FormattableString.Invariant($"{layout.PixelBytes - declared:#,##0} more bytes of pixels than {width} x {height} need"));
    }

    private byte[] Grey(string program, DicomLayout layout)
    {
        if (!tags.IsGrey) return Run(program);

        string[] range = tags.HasWindow ? ["+Wi", "1"] : tags.HasVoiTable ? ["+Wl", "1"] : [];
        // Eight bits are shown as they are; of sixteen, rarely more than twelve are used, so the full range is that of the values.
        if (range.Length == 0) return tags.BitsStored <= 8 ? Run(program) : FullRange(program, layout);

        var pixels = Run(program, range);
        if (Span(pixels, 0) < LeastContrast)
        {
            _warnings.Add($"its {(tags.HasWindow ? "window" : "table")} of grey values shows almost nothing; the full range is used");
            return FullRange(program, layout);
        }
        if (tags.Padding is not null && StoredPixels.Has(tags)) Stored(program, layout).Blacken(pixels);
        return pixels;
    }

    private byte[] FullRange(string program, DicomLayout layout)
    {
        if (!StoredPixels.Has(tags) || tags.HasModalityTable) return Run(program, "+Wm");

        var stored = Stored(program, layout);
        var (grey, notes) = stored.Stretch(tags.IsInverted);
        stored.Blacken(grey);
        _warnings.AddRange(notes);
        return grey;
    }

    private StoredPixels Stored(string program, DicomLayout layout) => StoredPixels.Read(path, tags, layout, (options, mostBytes) => Output(program, options, mostBytes));

    private byte[] Run(string program, params string[] range)
    {
        var (width, height) = (tags.Columns!.Value, tags.Rows!.Value);
        string[] shape = !IsShapeContradicting ? [] : tags.Photometric is "MONOCHROME1" ? ["+Piv"] : ["+Pid"];
        var output = Output(program, ["+op", .. shape, .. range], (3L * width * height) + 64);
        try
        {
            var picture = PortableMap.ReadGrey(output.Span);
            return (picture.Width, picture.Height) == (width, height) ? picture.Pixels : throw new InvalidDataException($"declares {width} x {height} pixels, but gives {picture.Width} x {picture.Height}");
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(DicomReader.Sentence(exception.Message), exception);
        }
    }

    /// <summary>Without overlays: drawn lines and letters would become part of the picture.</summary>
    private ReadOnlyMemory<byte> Output(string program, string[] options, long mostBytes)
    {
        try
        {
            var (code, output, errors) = Dcmtk.Run(program, ["-O", .. options, _file], (int)Math.Min(Array.MaxLength, mostBytes), cancellationToken);
            if (code != 0) throw new InvalidDataException(DicomReader.WhyNotRead(errors, _file));
            // What is missing would be an even grey.
            return errors.Contains("premature end of data", StringComparison.OrdinalIgnoreCase) ? throw new InvalidDataException(DicomReader.StreamCutShort) : output;
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(DicomReader.Sentence(exception.Message), exception);
        }
    }

    /// <param name="leaveOut">Of this many pixels one at either end.</param>
    /// <returns>Between the darkest and the brightest of the others.</returns>
    private static int Span(byte[] pixels, int leaveOut)
    {
        var counts = new int[256];
        foreach (var pixel in pixels) counts[pixel]++;
        var rare = leaveOut == 0 ? 0 : pixels.Length / leaveOut;
        var (low, high) = (0, 255);
        for (var passed = counts[low]; passed <= rare && low < 255; passed += counts[low]) low++;
        for (var passed = counts[high]; passed <= rare && high > 0; passed += counts[high]) high--;
        return Math.Max(0, high - low);
    }

    private static string ProgramFor(string? transferSyntax) => transferSyntax switch
    {
        null or "1.2.840.10008.1.2" or "1.2.840.10008.1.2.1" or DicomLayout.Deflated or "1.2.840.10008.1.2.2" or "1.2.840.10008.1.2.5"
            or "1.2.840.10008.1.2.4.50" or "1.2.840.10008.1.2.4.51" or "1.2.840.10008.1.2.4.57" or "1.2.840.10008.1.2.4.70" => Dcmtk.Render,
        "1.2.840.10008.1.2.4.80" or "1.2.840.10008.1.2.4.81" => Dcmtk.RenderLossless,
        "1.2.840.10008.1.2.4.90" or "1.2.840.10008.1.2.4.91" => throw new InvalidDataException("The file's pixels are compressed with JPEG 2000, which cannot be read here."),
        _ => throw new InvalidDataException($"The file's pixels are compressed in a way that cannot be read here (transfer syntax {transferSyntax})."),
    };
}
