using Pneumothorax.Lab.Datasets.Importing;

namespace Pneumothorax.Lab.Classroom.Importing;

/// <summary>Imports in words.</summary>
public static class ImportText
{
    public static string Title(ImportKind kind) => kind switch
    {
        ImportKind.Nih => "NIH ChestX-ray14",
        ImportKind.Siim => "SIIM-ACR",
        _ => "Two HDF5 files",
    };

    public static string Of(ImportKind? kind) => kind switch
    {
        ImportKind.Nih => "NIH ChestX-ray14",
        ImportKind.Siim => "SIIM-ACR Pneumothorax",
        ImportKind.Hdf5 => "HDF5 file",
        _ => "Nothing that can be imported",
    };

    /// <summary>What to look for, where nothing of this kind lies in the folder.</summary>
    public static string Sign(ImportKind kind) => kind switch
    {
        ImportKind.Nih => "No folder in the import folder has a Data_Entry_2017*.csv. Put the download into its own folder there: the table, the unpacked image folders and, if available, the two lists and BBox_List_2017.csv.",
        ImportKind.Siim => "No folder in the import folder has a table with the columns ImageId and EncodedPixels, such as stage_2_train.csv. Put the download into its own folder there: the table and the DICOM files, in any subfolders.",
        _ => "There are no two HDF5 files in the import folder. Put pneumothorax_train.h5 and pneumothorax_test.h5 there.",
    };

    public static string Word(this ImportKind kind) => kind.ToString().ToLowerInvariant();

    public static ImportKind? Parse(string? word) => Enum.TryParse<ImportKind>(word, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : null;

    public static string? Licence(ImportKind kind) => kind switch
    {
        ImportKind.Nih => NihImport.Licence,
        ImportKind.Siim => SiimImport.Licence,
        _ => null,
    };

    public static string? Citation(ImportKind kind) => kind switch
    {
        ImportKind.Nih => NihImport.Citation,
        ImportKind.Siim => SiimImport.Citation,
        _ => null,
    };
}
