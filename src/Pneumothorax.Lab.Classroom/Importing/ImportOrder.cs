using System.Globalization;
using System.Text.Json.Serialization;
using Pneumothorax.Lab.Datasets;
using Pneumothorax.Lab.Runs;

namespace Pneumothorax.Lab.Classroom.Importing;

/// <summary>As what images come.</summary>
public enum ImportKind
{
    /// <summary>NIH ChestX-ray14 as it is downloaded.</summary>
    Nih,

    /// <summary>SIIM-ACR Pneumothorax as it is downloaded.</summary>
    Siim,

    /// <summary>The two HDF5 files of the exercise.</summary>
    Hdf5,
}

/// <summary>What to import, and how: the options of <c>lab data import</c> and <c>lab data add</c>. Paths are from the import folder on.</summary>
public sealed record ImportOrder
{
    public ImportKind Kind { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Null: the command's own.</summary>
    public string? Title { get; init; }

    /// <summary>Null: the collection's own, or nothing.</summary>
    public string? Licence { get; init; }

    /// <inheritdoc cref="Licence"/>
    public string? Citation { get; init; }

    /// <summary>Credit of HDF5 files; null: as the command finds it.</summary>
    public string? Source { get; init; }

    /// <summary>Of a collection.</summary>
    public string? Folder { get; init; }

    /// <summary>HDF5 file.</summary>
    public string? Train { get; init; }

    /// <summary>HDF5 file.</summary>
    public string? Test { get; init; }

    /// <summary>HDF5 file; null: a part of the train file.</summary>
    public string? Validation { get; init; }

    /// <summary>Images without a pneumothorax for each one with it; null for all there are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]     // "all" is not "not said" when a job is read again
    public double? Negatives { get; init; } = 3;

    public int Seed { get; init; } = 1;

    /// <summary>Passes NIH's own lists over.</summary>
    public bool ByPatient { get; init; }

    /// <summary>Brings HDF5 images of another size to 256 x 256.</summary>
    public bool Resample { get; init; }

    /// <summary>An import of a collection goes on where it was; HDF5 files are read from the start.</summary>
    public bool GoesOn => Kind != ImportKind.Hdf5;

    /// <returns>The words after <c>lab</c>.</returns>
    /// <exception cref="RequestRefusedException">Something is missing or out of range, or a path leads out of the folder.</exception>
    public IReadOnlyList<string> Arguments(IncomingFolder incoming)
    {
        try
        {
            DatasetName.Check(Name);
            List<string> all = Kind == ImportKind.Hdf5
                ? ["data", "add", Name, $"--train={Needed(Train, "the file to learn from")}", $"--test={Needed(Test, "the file for the test")}"]
                : ["data", "import", Kind == ImportKind.Nih ? "nih" : "siim", Needed(Folder, "the folder"), $"--name={Name}"];
            if (Kind == ImportKind.Hdf5)
            {
                if (!string.IsNullOrEmpty(Validation)) all.Add($"--validation={incoming.Resolve(Validation)}");
                if (Resample) all.Add("--resample");
                Add("source", DatasetDescription.Line(Source, "credit"));
            }
            else
            {
                if (Negatives is not (null or (>= 0 and <= 1000))) throw new RequestRefusedException("The number of images without a pneumothorax for each with one must be from 0 to 1000.");
                if (Seed < 0) throw new RequestRefusedException("The seed must be a whole number of 0 or more.");
                all.Add($"--negatives={(Negatives is { } ratio ? ratio.ToString(CultureInfo.InvariantCulture) : "all")}");
                all.Add(FormattableString.Invariant($"--seed={Seed}"));
                if (Kind == ImportKind.Nih && ByPatient) all.Add("--by-patient");
            }
            Add("title", DatasetDescription.Line(Title, "title"));
            Add("licence", DatasetDescription.Line(Licence, "licence"));
            Add("citation", DatasetDescription.Line(Citation, "citation"));
            return all;

            // As one word: a text that begins like an option stays a text.
            void Add(string option, string? text)
            {
                if (text is not null) all.Add($"--{option}={text}");
            }
        }
        catch (ArgumentException exception)
        {
            throw new RequestRefusedException(exception.Message);
        }

        string Needed(string? path, string what) =>
            string.IsNullOrEmpty(path) ? throw new RequestRefusedException($"Choose {what}.") : incoming.Resolve(path);
    }
}
