namespace Pneumothorax.Lab.Datasets.Dicom;

/// <summary>A DICOM file as a picture to look at.</summary>
/// <param name="Pixels">Width x Height grey values, row by row, 0 black (air) to 255 white (bone), whichever way round the file keeps them.</param>
/// <param name="Warnings">What a reader should know before trusting an answer about it, each a short line such as "modality CT, not an X-ray".</param>
public sealed record DicomPicture(byte[] Pixels, int Width, int Height, DicomTags Tags, IReadOnlyList<string> Warnings);
