//! Attachments for partners, by links that nobody can guess; to be saved, never shown by a browser.

use axum::body::Body;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Uri;
use axum::http::header;
use axum::response::Response;
use futures_util::stream;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::http::error::ApiError;
use crate::http::server::Server;
use crate::http::sharing::error::SharingError;
use crate::sharing::answer::Refusal;
use crate::store;
use crate::store::attachment_links::AttachmentLink;
use crate::store::db::Db;
use crate::ticket::id::BlobId;

/// Answers with an attachment. A link that never was and one that ended look the same.
pub(crate) async fn serve(State(server): State<Server>, uri: Uri) -> Result<Response, SharingError> {
    let token = uri.path().split('/').nth(2).unwrap_or_default();
    match find(&server, token).await {
        Ok(Some(link)) => Ok(response(&server, &link)),
        Ok(None) => Err(Refusal::NotFound.into()),
        Err(error) => {
            tracing::warn!("an attachment cannot be read now: {error}");
            Err(ApiError::Busy.into())
        }
    }
}

async fn find(server: &Server, token: &str) -> Result<Option<AttachmentLink>, sqlx::Error> {
    let mut tx = server.app.db.read().await?;
    store::attachment_links::find(&mut tx, token, server.app.now()).await
}

fn response(server: &Server, link: &AttachmentLink) -> Response {
    let mut response = Response::new(body(server.app.db.clone(), link));
    let headers = response.headers_mut();
    let octets = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&link.content_type).unwrap_or(octets));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(link.size));
    headers.insert(header::CONTENT_DISPOSITION, disposition(&link.name));
    response
}

/// RFC 6266: the name in ASCII for old clients, and in full for others.
fn disposition(name: &str) -> HeaderValue {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) { c } else { '_' }).collect();
    let full = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// The bytes piece by piece, so that a large file takes little memory however slowly it is read.
fn body(db: Db, link: &AttachmentLink) -> Body {
    let blob = link.blob_id;
    Body::from_stream(stream::try_unfold(0, move |n| {
        let db = db.clone();
        async move { Ok::<_, sqlx::Error>(piece(&db, blob, n).await?.map(|bytes| (bytes, n + 1))) }
    }))
}

async fn piece(db: &Db, blob: BlobId, n: i64) -> Result<Option<Bytes>, sqlx::Error> {
    let mut tx = db.read().await?;
    let bytes = store::blobs::read_chunk(&mut tx, blob, n).await?;
    tx.commit().await?;
    Ok(bytes.map(Bytes::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        let value = disposition("Ça \"b\"\r\nX: y.pdf");
        let text = value.to_str().unwrap();
        assert!(
            text.starts_with("attachment; filename=\"_a__b___X:_y.pdf\"; filename*=UTF-8''%C3%87a"),
            "{text}"
        );
        assert!(!text.contains(['\r', '\n']));
    }
}
