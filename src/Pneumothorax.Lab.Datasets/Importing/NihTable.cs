using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Pneumothorax.Lab.Datasets.Importing;

/// <summary>One line of NIH's table.</summary>
/// <param name="OtherFindings">Without pneumothorax, as the portal shows them: "none", or "effusion, mass".</param>
internal sealed record NihRecord(string Image, bool HasPneumothorax, string OtherFindings, string Patient, string? FollowUp, string? Age, string? Sex, string? View)
{
    public const string Pneumothorax = "Pneumothorax";
}

/// <summary>The list of NIH's split in which an image stands.</summary>
internal enum NihList : byte
{
    None,
    Train,
    Test,
}

/// <summary>
/// NIH's table, and for each of its images where the picture lies and in which list it stands. Kept as numbers and one run of bytes rather
/// than as objects: it stays in memory for the whole import.
/// </summary>
internal sealed class NihTable
{
    private readonly List<byte> _names = [];            // UTF-8, one behind the other
    private readonly List<Row> _rows = [];
    private readonly HashSet<int> _byName;
    private readonly List<string> _words = [];
    private readonly Dictionary<string, int> _codes = [];

    public NihTable() => _byName = new(new NameComparer(this));

    public int Count => _rows.Count;

    public NihRecord this[int row]
    {
        get
        {
            ref var at = ref At(row);
            return new(Image(row), at.HasPneumothorax, Word(at.OtherFindings)!, Word(at.Patient)!, Word(at.FollowUp), Word(at.Age), Word(at.Sex), Word(at.View));
        }
    }

    /// <returns>False when the image has a row already.</returns>
    public bool TryAdd(NihRecord record)
    {
        if (Find(record.Image) >= 0) return false;
        _names.AddRange(Encoding.UTF8.GetBytes(record.Image));
        _rows.Add(new()
        {
            NameEnd = _names.Count,
            HasPneumothorax = record.HasPneumothorax,
            OtherFindings = Code(record.OtherFindings),
            Patient = Code(record.Patient),
            FollowUp = Code(record.FollowUp),
            Age = Code(record.Age),
            Sex = Code(record.Sex),
            View = Code(record.View),
            Folder = -1,
        });
        return _byName.Add(_rows.Count - 1);
    }

    /// <returns>The row of an image, or -1.</returns>
    public int Find(string image) => _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(Encoding.UTF8.GetBytes(image), out var row) ? row : -1;

    public string Image(int row) => Encoding.UTF8.GetString(Name(row));

    public bool HasPneumothorax(int row) => At(row).HasPneumothorax;

    public string Patient(int row) => Word(At(row).Patient)!;

    /// <summary>Folder of the picture; null where none was found.</summary>
    public string? Folder(int row) => Word(At(row).Folder);

    public void PutInto(int row, string folder) => At(row).Folder = Code(folder);

    public NihList List(int row) => At(row).List;

    public void PutOn(int row, NihList list) => At(row).List = list;

    private ref Row At(int row) => ref CollectionsMarshal.AsSpan(_rows)[row];

    private ReadOnlySpan<byte> Name(int row)
    {
        var start = row == 0 ? 0 : At(row - 1).NameEnd;
        return CollectionsMarshal.AsSpan(_names)[start..At(row).NameEnd];
    }

    private string? Word(int code) => code < 0 ? null : _words[code];

    // The same few words on a hundred thousand lines: each is kept once.
    private int Code(string? word)
    {
        if (word is null) return -1;
        if (_codes.TryGetValue(word, out var code)) return code;
        _words.Add(word);
        return _codes[word] = _words.Count - 1;
    }

    /// <summary>Texts are codes of words, -1 for none.</summary>
    private struct Row
    {
        public int NameEnd;
        public int OtherFindings;
        public int Patient;
        public int FollowUp;
        public int Age;
        public int Sex;
        public int View;
        public int Folder;
        public NihList List;
        public bool HasPneumothorax;
    }

    /// <summary>Rows are told apart by their image's name, which is kept only once.</summary>
    private sealed class NameComparer(NihTable table) : IEqualityComparer<int>, IAlternateEqualityComparer<ReadOnlySpan<byte>, int>
    {
        public bool Equals(int x, int y) => x == y || table.Name(x).SequenceEqual(table.Name(y));

        public int GetHashCode([DisallowNull] int obj) => GetHashCode(table.Name(obj));

        public bool Equals(ReadOnlySpan<byte> alternate, int other) => table.Name(other).SequenceEqual(alternate);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int Create(ReadOnlySpan<byte> alternate) => throw new NotSupportedException("Rows come by TryAdd alone.");
    }
}
